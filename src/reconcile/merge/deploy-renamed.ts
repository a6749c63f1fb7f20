// Deployments that are held when their environment leaves the config: held or deployed under its new name, if it has one,
// and `inactive` under the old one.

import { leftConfig } from "../../domain/deployment/describe.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { heldIn } from "./deploy-held.ts";
import { deployMerge, type MergeOutcome } from "./deploy-merge.ts";

/** A deployment ends only when its merge is on record under the new name. */
export async function deployRenamed(
  { renamedFrom = {} }: RepositoryIndex,
  context: RepositoryContext,
): Promise<readonly MergeOutcome[]> {
  const { repository, config, deps } = context;
  const outcomes: MergeOutcome[] = [];
  for (const { githubId, environment, pullRequest, repeats } of await heldIn(repository, deps)) {
    if (githubId === undefined || config.environments.some(({ name }) => name === environment)) continue;
    const successor = config.environments.find(({ name }) => renamedFrom[name] === environment);
    if (successor && !repeats) {
      const { name, branch: base } = successor;
      const merge = { number: pullRequest, base, since: deps.clock(), moved: [name] };
      const outcome = await deployMerge(merge, context);
      outcomes.push(outcome);
      if (outcome.requeueAt) continue;
    }
    const ended = { state: "inactive", description: leftConfig(environment) } as const;
    await deps.github.in(repository).setDeploymentStatus(githubId, ended);
    await deps.store.deployments.update(githubId, { ...ended, changedAt: deps.clock() });
  }
  return outcomes;
}
