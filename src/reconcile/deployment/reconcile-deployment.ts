// Reconciles one environment's deployments: calls and polls the deployers, and shows their reports on GitHub.

import { holdAt } from "../../domain/deployment/hold.ts";
import { DEPLOYER_TIMEOUTS } from "../../domain/deployment/timeouts.ts";
import { versionStatusOf } from "../../domain/deployment/version-status.ts";
import type { Environment, EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DeployerCall, Deployment, Moved } from "../../domain/model/deployment.ts";
import { type ConfigRepository, nameWithOwner } from "../../domain/model/github/repository.ts";
import type { PromotionRecord } from "../../domain/model/publish.ts";
import type { Deps } from "../context.ts";
import { requestFullResync } from "../installation/discover.ts";
import { enqueue } from "../keys.ts";
import { recordOutcome } from "../promotion/apply/promotion-records.ts";
import type { ReconcileResult } from "../requeue.ts";
import { enqueueDownstream } from "../upstream/enqueue-downstream.ts";
import { advanceDeployments } from "./deploy.ts";
import type { DeploymentResult, DeployPorts, DeployTarget, NoTarget } from "./ports.ts";

/** How many of the environment's deployments are considered. */
const CONSIDERED = 500;

export async function reconcileDeployment(key: EnvironmentKey, deps: Deps): Promise<ReconcileResult> {
  const repository = await deps.store.repositories.get(key.repositoryId);
  if (!repository) return undefined;
  let ended = false;
  const record = async (settlement: DeploymentResult): Promise<void> => {
    ended = true;
    await recordEnd(settlement, deps);
  };
  try {
    const { requeueAt } = await advanceDeployments(key, {
      ...portsFor(key, deps),
      results: { record },
    });
    await recordUnderWay(key, deps);
    return requeueAt && { requeueAt };
  } finally {
    // The final state is on record now, so downstream environments can be enqueued; a later failure does not repeat
    // this.
    if (ended) {
      await enqueueDownstream(key, deps);
      // Those behind it go out under the environment's new name.
      if (!(await environmentOf(key, deps))) await requestFullResync(key.repositoryId, deps);
      await enqueue(deps.store.queue, { ...key, kind: "drift" });
    }
  }
}

/** Logs a problem when it differs from the last one. */
function logTrouble(
  before: DeployerCall,
  { deployer, deploymentId, problem }: DeployerCall,
  { log }: Deps,
): void {
  if (problem && problem.code !== before.problem?.code)
    log.warn({ deployer, deployment: deploymentId, problem }, "a deployer is in trouble");
}

function portsFor(key: EnvironmentKey, deps: Deps): Omit<DeployPorts, "results"> {
  const { store, github } = deps;
  const repositoryOf = async (id: number) => {
    const repository = await store.repositories.get(id);
    if (!repository) throw new Error(`repository ${id} went away`);
    return repository;
  };
  return {
    deployments: {
      ...store.deployments,
      replaceCall: async (known, next) => {
        const isReplaced = await store.deployments.replaceCall(known, next);
        if (isReplaced) logTrouble(known, next, deps);
        return isReplaced;
      },
    },
    commits: {
      containment: async (id, shas) => github.in(await repositoryOf(id)).containment(shas),
      isOn: async (id, { branch, sha }) =>
        github.in(await repositoryOf(id)).branchContains({ branch, commits: [sha] }),
    },
    statuses: {
      set: async ({ repositoryId, githubId, description: reported }, { state, description, logUrl }) => {
        const repository = await repositoryOf(repositoryId);
        const environmentUrl = (await environmentOf(key, deps))?.environmentUrl;
        const status = {
          ...{ state, description },
          ...(logUrl !== undefined && { log: logUrl }),
          ...(environmentUrl !== undefined && { environmentUrl }),
        };
        if (await github.in(repository).setDeploymentStatus(githubId, status)) return;
        // Had it a status before, people have deleted it; a new deployment may not show yet, so the queue retries.
        if (reported === undefined) throw new Error(`GitHub does not show deployment ${githubId} yet`);
        deps.log.warn(
          { repository: nameWithOwner(repository), deployment: githubId },
          "deployment deleted on GitHub",
        );
      },
    },
    comments: {
      ensure: async ({ repositoryId, pullRequest }, comment) =>
        github.in(await repositoryOf(repositoryId)).ensureComment(pullRequest, comment),
      replace: async ({ repositoryId, pullRequest }, comment) =>
        github.in(await repositoryOf(repositoryId)).replaceComment(pullRequest, comment),
    },
    targets: { find: async () => deployTargetOf(key, await repositoryOf(key.repositoryId), deps) },
    deployers: deps.deployers,
    timeouts: DEPLOYER_TIMEOUTS,
    now: deps.clock,
  };
}

async function deployTargetOf(
  { environment, repositoryId }: EnvironmentKey,
  known: ConfigRepository,
  { store, clock }: Deps,
): Promise<DeployTarget | NoTarget> {
  const repository = nameWithOwner(known);
  const config = (await store.repositories.index(repositoryId))?.config;
  if (!config) return { repository, missing: "config" };
  const configured = config.environments.find(({ name }) => name === environment);
  if (!configured) return { repository, missing: "environment" };
  const hold = holdAt(configured, clock());
  const { path, branch, deploy: deployers } = configured;
  return { repository, path, branch, deployers, ...(hold && { hold }) };
}

/** The environment by the current config. */
async function environmentOf(
  { repositoryId, environment }: EnvironmentKey,
  { store }: Deps,
): Promise<Environment | undefined> {
  const index = await store.repositories.index(repositoryId);
  return index?.config?.environments.find(({ name }) => name === environment);
}

/** Records `deploying` for the publishes of a deployment in progress. */
async function recordUnderWay({ repositoryId, environment }: EnvironmentKey, deps: Deps): Promise<void> {
  const [newest] = await deps.store.deployments.ofEnvironment(repositoryId, environment, 1);
  if (newest?.repeats || (newest?.state !== "in_progress" && newest?.state !== "queued")) return;
  if (newest.deployers.length === 0) return;
  await recordOutcome(
    newest,
    { state: "deploying", because: `deployment ${newest.githubId} is under way` },
    deps,
  );
}

/**
 * Records `deployed` or `failed` for the publishes of a deployment that ended. A heal brings no new version and changes
 * no record.
 */
async function recordEnd(
  { deployment, state, overtaken, deployed: delivered }: DeploymentResult,
  deps: Deps,
): Promise<void> {
  if (deployment.deployers.length === 0 || deployment.repeats?.task === "heal") return;
  if (state === "inactive")
    return recordOvertaken({ ...deployment, state, ...(overtaken && { overtaken }) }, deps);
  const promotions = state === "success" ? delivered : await notOut({ ...deployment, state }, deps);
  await recordOutcome({ ...deployment, promotions }, outcomeOf(state, deployment.githubId), deps);
}

/** A superseded deployment: nothing is recorded when a deployment that contains it has already recorded its success. */
async function recordOvertaken(deployment: Deployment, deps: Deps): Promise<void> {
  const past = await pastWith(deployment, deps);
  const charts = new Set(deployment.promotions.map(({ chart }) => chart));
  const promotions = past
    .flatMap((one) => one.promotions)
    .filter(({ chart, to }) => charts.has(chart) && versionStatusOf(past, chart, to).kind === "out");
  const because = `a deployment that contains ${deployment.githubId} succeeded`;
  await recordOutcome({ ...deployment, promotions }, { state: "deployed", because }, deps);
}

/** The versions of a failed deployment that no other deployment has brought. */
async function notOut(deployment: Deployment, deps: Deps): Promise<readonly Moved[]> {
  const past = await pastWith(deployment, deps);
  return deployment.promotions.filter(({ chart, to }) => versionStatusOf(past, chart, to).kind !== "out");
}

/** The environment's deployments, newest first, with this one in the state that it is about to be recorded in. */
async function pastWith(deployment: Deployment, { store }: Deps): Promise<readonly Deployment[]> {
  const { repositoryId, environment, githubId } = deployment;
  const past = await store.deployments.ofEnvironment(repositoryId, environment, CONSIDERED);
  return past.map((one) => (one.githubId === githubId ? deployment : one));
}

function outcomeOf(
  state: "success" | "failure" | "error",
  id: number,
): Pick<PromotionRecord, "state" | "because"> {
  return state === "success"
    ? { state: "deployed", because: `deployment ${id} succeeded` }
    : { state: "failed", because: `deployment ${id} ended with ${state}` };
}
