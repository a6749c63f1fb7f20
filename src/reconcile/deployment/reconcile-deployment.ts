// One environment's deployments: the deployers are called and polled, and what they report is shown on GitHub.

import { holdAt } from "../../domain/deployment/hold.ts";
import { DEPLOYER_TIMEOUTS } from "../../domain/deployment/timeouts.ts";
import { versionStatusOf } from "../../domain/deployment/version-status.ts";
import type { Environment, EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DeployerCall, Deployment, Moved } from "../../domain/model/deployment.ts";
import { type ConfigRepository, nameWithOwner } from "../../domain/model/github/repository.ts";
import type { PromotionRecord } from "../../domain/model/publish.ts";
import type { Deps } from "../context.ts";
import { enqueue } from "../keys.ts";
import { recordOutcome } from "../promotion/apply/promotion-records.ts";
import type { ReconcileResult } from "../requeue.ts";
import { enqueueDownstream } from "../upstream/enqueue-downstream.ts";
import { advanceDeployments } from "./deploy.ts";
import type { DeploymentResult, DeployPorts, DeployTarget, NoTarget } from "./ports.ts";

/** How many deployments of the environment are considered. */
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
    // Only now the end is on record, where the environments after this one read it; what failed since does not end it again.
    if (ended) {
      await enqueueDownstream(key, deps);
      await enqueue(deps.store.queue, { ...key, kind: "drift" });
    }
  }
}

/** When it is another one than before. */
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
    commits: { containment: async (id, shas) => github.in(await repositoryOf(id)).containment(shas) },
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
        // One that has had a status was deleted by people since; a new one does not show yet.
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
  return { repository, path: configured.path, deployers: configured.deploy, ...(hold && { hold }) };
}

/** As it is configured now. */
async function environmentOf(
  { repositoryId, environment }: EnvironmentKey,
  { store }: Deps,
): Promise<Environment | undefined> {
  const index = await store.repositories.index(repositoryId);
  return index?.config?.environments.find(({ name }) => name === environment);
}

/** The publishes that a deployment under way brings are `deploying`. */
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

/** A deployment ended: its publishes are `deployed` or `failed`. A heal brings no version and says nothing of them. */
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

/** Superseded: what contains it may have succeeded already, which is not recorded a second time. */
async function recordOvertaken(deployment: Deployment, deps: Deps): Promise<void> {
  const past = await pastWith(deployment, deps);
  const charts = new Set(deployment.promotions.map(({ chart }) => chart));
  const promotions = past
    .flatMap((one) => one.promotions)
    .filter(({ chart, to }) => charts.has(chart) && versionStatusOf(past, chart, to).kind === "out");
  const because = `a deployment that contains ${deployment.githubId} succeeded`;
  await recordOutcome({ ...deployment, promotions }, { state: "deployed", because }, deps);
}

/** What a failed deployment was to bring and no other has brought. */
async function notOut(deployment: Deployment, deps: Deps): Promise<readonly Moved[]> {
  const past = await pastWith(deployment, deps);
  return deployment.promotions.filter(({ chart, to }) => versionStatusOf(past, chart, to).kind !== "out");
}

/** The environment's deployments, newest first, with one as it will be on record. */
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
