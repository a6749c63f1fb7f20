// Resolves labels and users in environments' configs to node ids, which mutations need; read with the repository's
// state.

import type { NodeIds } from "../../../domain/model/draft.ts";
import type { NamesQuery } from "../../../domain/model/github/observed-state.ts";
import type { Variables } from "../api/variables.ts";

export type RawNames = { readonly [alias: `maybe_u${number}`]: { readonly id: string } | null };
export type RawLabels = { readonly [alias: `l${number}`]: { readonly id: string } | null };

/** All names without duplicates. */
export function namesQuery(environments: readonly { readonly names?: NamesQuery }[]): NamesQuery {
  const unique = (names: readonly string[]) => [...new Set(names)];
  return {
    labels: unique(environments.flatMap(({ names }) => names?.labels ?? [])),
    users: unique(environments.flatMap(({ names }) => names?.users ?? [])),
  };
}

/** Fields of the repository. A label that does not exist is `null`. */
export function labelFields({ labels }: NamesQuery, variables: Variables): string {
  return labels.map((name, at) => `l${at}: label(name: ${variables.add(name)}) { id }`).join(" ");
}

/** Fields of the root. An unknown user is an error beside the data, which the alias `maybe` tolerates. */
export function userFields({ users }: NamesQuery, variables: Variables): string {
  return users.map((login, at) => `maybe_u${at}: user(login: ${variables.add(login)}) { id }`).join(" ");
}

/** By the names as they were queried; a name without an id is unknown to GitHub. */
export function readNames({ labels, users }: NamesQuery, root: RawNames, repository: RawLabels): NodeIds {
  return {
    labels: idsOf(labels, (at) => repository[`l${at}`]),
    users: idsOf(users, (at) => root[`maybe_u${at}`]),
  };
}

function idsOf(
  names: readonly string[],
  node: (at: number) => { readonly id: string } | null | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    names.flatMap((name, at) => {
      const id = node(at)?.id;
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}
