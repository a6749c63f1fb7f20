// Deploys the merges that waited for the config to name the folder that an environment was moved to.

import type { Environment } from "../../domain/model/config/config.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { deployMerge, type MergeOutcome } from "./deploy-merge.ts";

/** The merges since an environment's folder went, by the folder that the config names now. */
export async function deployFolderless(
  { folderless = [], renamedFrom = {} }: RepositoryIndex,
  context: RepositoryContext,
): Promise<readonly MergeOutcome[]> {
  const outcomes: MergeOutcome[] = [];
  for (const one of folderless) {
    const environment = context.config.environments.find(
      ({ name }) => name === one.environment || renamedFrom[name] === one.environment,
    );
    if (environment && environment.path !== one.path)
      outcomes.push(...(await deploySince(new Date(one.since), environment, context)));
  }
  return outcomes;
}

/** Oldest first; those that change nothing in the folder deploy nothing. */
async function deploySince(
  since: Date,
  { name, branch }: Environment,
  context: RepositoryContext,
): Promise<readonly MergeOutcome[]> {
  const { repository, deps } = context;
  const merges = await deps.github.in(repository).mergesSince({ branches: [branch], since });
  const outcomes: MergeOutcome[] = [];
  for (const { number, mergedAt } of merges.toReversed()) {
    if (mergedAt < since) continue;
    const merge = { number, base: branch, since: deps.clock(), moved: [name] };
    outcomes.push(await deployMerge(merge, context));
  }
  return outcomes;
}
