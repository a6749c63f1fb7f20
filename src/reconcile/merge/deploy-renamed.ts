// Deployments that wait, held or behind another one, when their environment leaves the config: they wait or are deployed
// under its new name, if it has one, and are `inactive` under the old one.

import { leftConfig } from "../../domain/deployment/describe.ts";
import { hasBegun, isKnown, type KnownDeployment } from "../../domain/deployment/next-deployment.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { recordLeftBehind } from "../promotion/apply/promotion-records.ts";
import { deployMerge, type MergeOutcome } from "./deploy-merge.ts";
import { tellLeftBehind } from "./tell-left-behind.ts";

/** A deployment ends only when its merge is on record under the new name. */
export async function deployRenamed(
  { renamedFrom = {} }: RepositoryIndex,
  context: RepositoryContext,
): Promise<readonly MergeOutcome[]> {
  const { repository, config, deps } = context;
  const outcomes: MergeOutcome[] = [];
  for (const deployment of await leftWaiting(context)) {
    const { githubId, environment, pullRequest, repeats } = deployment;
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
    if (!successor && !repeats) await tellLeftBehind({ number: pullRequest, environment }, context);
    await recordLeftBehind(deployment, deps);
    await deps.store.deployments.update(githubId, { ...ended, changedAt: deps.clock() });
  }
  return outcomes;
}

/** Those for which no deployer was called, in environments where none is running: never two at a time in one folder. */
async function leftWaiting({
  repository,
  config,
  deps: { store },
}: RepositoryContext): Promise<readonly KnownDeployment[]> {
  const here = new Set(config.environments.map(({ name }) => name));
  const left = (await store.deployments.unfinished(repository.id)).filter(isKnown);
  const waiting: KnownDeployment[] = [];
  const running = new Set<string>();
  for (const deployment of left.filter(({ environment }) => !here.has(environment))) {
    const calls = await store.deployments.calls(deployment.githubId);
    if (hasBegun({ deployment, calls })) running.add(deployment.environment);
    else waiting.push(deployment);
  }
  return waiting.filter(({ environment }) => !running.has(environment));
}
