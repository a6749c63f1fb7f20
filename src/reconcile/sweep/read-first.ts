// Bulk reads for the first reconcile of many repositories: the config files, and then the umbrella charts of their
// environments.

import type { EnvironmentQuery, ManyQuery, ObservedState } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { MANIFEST_FILES } from "../../domain/model/umbrella.ts";
import type { Deps } from "../context.ts";
import { contextOf } from "../repository/index/update-index.ts";

/** Environments in one GraphQL document: GitHub times out after ten seconds. */
const ENVIRONMENTS = 40;

/**
 * Skips repositories whose config is invalid or extends another repository's defaults; their reconcile reads them
 * itself.
 */
export async function readFirst(
  installationId: number,
  repositories: readonly ConfigRepository[],
  deps: Deps,
): Promise<void> {
  if (repositories.length === 0) return;
  const many = deps.github.within(installationId);
  const at = deps.clock();
  const configs = await many.statesOfMany(
    repositories.map((repository) => ({ repository, environments: [] })),
  );
  const queries: ManyQuery[] = [];
  for (const repository of repositories) {
    const answer = configs.get(repository.id);
    const environments = answer && (await environmentsIn(answer, repository, deps));
    if (!environments) continue;
    deps.firstReads.add(repository.id, { at, answers: [answer] });
    if (environments.length > 0) queries.push({ repository, environments });
  }
  for (const some of inDocuments(queries)) {
    for (const [id, answer] of await many.statesOfMany(some)) {
      const first = configs.get(id);
      if (first) deps.firstReads.add(id, { at, answers: [first, answer] });
    }
  }
}

async function environmentsIn(
  { config, defaultBranch }: ObservedState,
  repository: ConfigRepository,
  deps: Deps,
): Promise<readonly EnvironmentQuery[] | undefined> {
  if (!config) return [];
  const { owner } = repository;
  const named = await deps.decisions.decide(owner, "extendedIn", config.text);
  if (!named.ok || named.value !== undefined) return undefined;
  const context = contextOf({ ...repository, ...(defaultBranch !== undefined && { defaultBranch }) }, deps);
  const parsed = await deps.decisions.decide(owner, "parseConfig", config.text, context);
  if (!parsed.ok) return undefined;
  return parsed.value.environments.map(({ name, path, branch }) => ({
    ...{ name, path, branch, files: MANIFEST_FILES, branches: [] },
  }));
}

/** A repository with more environments than fit is left to its own reconcile. */
function inDocuments(queries: readonly ManyQuery[]): readonly (readonly ManyQuery[])[] {
  const documents: ManyQuery[][] = [];
  let room = 0;
  for (const one of queries.filter(({ environments }) => environments.length <= ENVIRONMENTS)) {
    if (one.environments.length > room) {
      documents.push([]);
      room = ENVIRONMENTS;
    }
    documents.at(-1)?.push(one);
    room -= one.environments.length;
  }
  return documents;
}
