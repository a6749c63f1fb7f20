// Deploys the last deployed commit once more: recorded, created on GitHub, and enqueued. Exactly once for each intent.

import type { KnownDeployment } from "../../domain/deployment/next-deployment.ts";
import type { Deployment, Repeat } from "../../domain/model/deployment.ts";
import type { StandingRepeat } from "../../domain/model/github/merge.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { EnvironmentContext } from "../context.ts";
import { enqueue } from "../keys.ts";
import type { ReconcileResult } from "../requeue.ts";

/** After a lost answer, wait this long for GitHub to show the deployment before it is created again. */
const DOUBT_MS = 15_000;

/** `of`: the last ended deployment of its environment; no other commit is ever repeated. */
export async function repeatDeployment(
  of: KnownDeployment,
  repeats: Repeat,
  context: EnvironmentContext,
): Promise<ReconcileResult> {
  const { environment, deps } = context;
  const { repositoryId, sha, pullRequest, promotions, path } = of;
  const now = deps.clock();
  const begun = await deps.store.deployments.begin({
    ...{ repositoryId, environment: environment.name, sha, pullRequest, promotions, repeats },
    ...(path !== undefined && { path }),
    ...{ state: "creating", deployers: environment.deploy, createdAt: now, changedAt: now },
  });
  return begun.kind === "begun" ? create(begun.deployment, context) : resumeRepeat(begun.deployment, context);
}

/** Resumes after a crash or a lost answer: GitHub may already have the deployment. */
export async function resumeRepeat(
  repeat: Deployment,
  context: EnvironmentContext,
): Promise<ReconcileResult> {
  if (repeat.githubId !== undefined) return handOn(repeat, context);
  const { repository, deps } = context;
  const doubtUntil = new Date(repeat.changedAt.getTime() + DOUBT_MS);
  if (deps.clock() < doubtUntil) return { requeueAt: doubtUntil };
  const there = await deps.github.in(repository).repeats([repeat.environment]);
  const found = there.find(({ repeats }) => repeats.intent === repeat.repeats?.intent);
  return found ? created(repeat, found.id, context) : create(repeat, context);
}

/** Adopts repeated deployments that GitHub knows and a lost database does not, if their commit is on record. */
export async function adoptRepeats(
  standing: readonly StandingRepeat[],
  { repository, environment, deps }: EnvironmentContext,
): Promise<void> {
  const { deployments } = deps.store;
  const past = await deployments.ofEnvironment(repository.id, environment.name, 100);
  const ofEnvironment = standing.filter((one) => one.environment === environment.name);
  for (const { id: githubId, ...repeat } of ofEnvironment) {
    if (!past.some(({ sha }) => sha === repeat.sha)) continue;
    if (past.some((one) => one.repeats?.intent === repeat.repeats.intent)) continue;
    await deployments.begin({
      ...repeat,
      ...{ repositoryId: repository.id, githubId, deployers: environment.deploy },
    });
    await enqueue(deps.store.queue, {
      kind: "deployment",
      repositoryId: repository.id,
      environment: environment.name,
    });
  }
}

async function create(repeat: Deployment, context: EnvironmentContext): Promise<ReconcileResult> {
  const { repository, deps } = context;
  return created(repeat, await deps.github.in(repository).createDeployment(repeat), context);
}

async function created(
  repeat: Deployment,
  githubId: number,
  context: EnvironmentContext,
): Promise<ReconcileResult> {
  const { deps } = context;
  await deps.store.deployments.created(repeat, githubId);
  const { environment, sha, repeats } = repeat;
  deps.log.info(
    { repository: nameWithOwner(context.repository), environment, sha, repeats, deployment: githubId },
    "deployed once more",
  );
  return handOn(repeat, context);
}

async function handOn(
  { repositoryId, environment }: Deployment,
  { deps }: EnvironmentContext,
): Promise<ReconcileResult> {
  await enqueue(deps.store.queue, { kind: "deployment", repositoryId, environment });
  return undefined;
}
