// Config files and environments' files of many repositories of one installation in one document; no branches.

import type { ManyQuery, ObservedState } from "../../../../domain/model/github/observed-state.ts";
import { Variables } from "../../api/variables.ts";
import type { InstallationAccess } from "../../repository-access.ts";
import type { RawRepository } from "../raw-state.ts";
import { readState } from "../repository-state.ts";
import { COUNTS, FILE, stateFields } from "../state-document.ts";

/** By id; leaves out repositories that GitHub does not show, and those with a truncated file. */
export async function statesOfMany(
  { client, app }: InstallationAccess,
  queries: readonly ManyQuery[],
): Promise<ReadonlyMap<number, ObservedState>> {
  const variables = new Variables();
  const parts = queries.map(({ repository, environments }, at) => {
    const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
    const fields = stateFields(environments, variables);
    return `  maybe${at}: repository(owner: ${owner}, name: ${name}) { ${fields}
    ${COUNTS} }`;
  });
  const answer = await client.query<Readonly<Record<string, RawRepository | null>>>(
    `reading ${queries.length} repositories`,
    `query RepositoryStates(${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
${parts.join("\n")}
}
${FILE}`,
    variables.values(),
  );
  const identity = await app.identity();
  return new Map(
    queries.flatMap(({ repository, environments }, at) => {
      const found = answer[`maybe${at}`];
      const state = found && readState(found, environments, { app: identity });
      return state && isWhole(state)
        ? [[repository.id, { ...state, ids: { labels: new Map(), users: new Map() } }] as const]
        : [];
    }),
  );
}

function isWhole({ snapshots }: Pick<ObservedState, "snapshots">): boolean {
  const files = [...snapshots.values()].flatMap((snapshot) => [...snapshot.files.values()]);
  return files.every(({ truncated }) => truncated === undefined);
}
