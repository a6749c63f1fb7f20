// Reports the state of a deployment on GitHub, on the pull request and on record, whenever it has changed.

import {
  type CombinedStatus,
  combineCalls,
  isFinal,
  statusOf,
} from "../../domain/deployment/combine-calls.ts";
import { containedMerges, deployedVersions } from "../../domain/deployment/deployed-versions.ts";
import {
  failureComment,
  heldBack,
  nobodyToCall,
  overcomeComment,
  supersededBy,
  waitsFor,
} from "../../domain/deployment/describe.ts";
import {
  type Containment,
  type DeploymentCandidate,
  type DeploymentDecision,
  isUnfinished,
  type KnownDeployment,
} from "../../domain/deployment/next-deployment.ts";
import type { DeployerCall, Moved } from "../../domain/model/deployment.ts";
import type { AdvancedDeployment, DeploymentContext } from "./deployment-context.ts";
import type { DeployTarget } from "./ports.ts";

/** `undefined` when there is nothing to report. */
export function outcomeOf(
  { deployment, calls }: DeploymentCandidate,
  decision: DeploymentDecision,
  hold: DeployTarget["hold"],
): CombinedStatus | undefined {
  const isThis = (one: { readonly deployment: KnownDeployment }): boolean => one.deployment === deployment;
  const newer = decision.superseded.find(isThis);
  if (newer !== undefined)
    return { state: "inactive", description: supersededBy(newer), overtaken: newer.how };
  if (decision.held.includes(deployment))
    return { state: "held", description: heldBack(deployment, hold?.reason) };
  const running = decision.queuedBehind.find(isThis);
  if (running !== undefined) return { state: "queued", description: waitsFor(running.by) };
  if (calls.length > 0) return deployment.state === "inactive" ? undefined : combineCalls(calls);
  return isUnfinished(deployment) ? { state: "success", description: nobodyToCall } : undefined;
}

/** Writes to GitHub first and to the database last: after a crash it only writes the same again. */
export async function reportStatus(
  { deployment, calls }: AdvancedDeployment,
  outcome: CombinedStatus | undefined,
  context: DeploymentContext & { readonly all: readonly DeploymentCandidate[] },
): Promise<void> {
  if (outcome === undefined || isAsRecorded(deployment, outcome)) return;
  const { ports, now } = context;
  const { state } = outcome;
  if (calls.length > 0) await ports.statuses.set(deployment, statusOf(outcome));
  if ((state === "failure" || state === "error") && deployment.repeats?.task !== "heal")
    await ports.comments.ensure(deployment, failureComment(deployment, calls));
  if (isFinal(state)) {
    const out = state === "success" ? await deployedNow(deployment, context) : [];
    if (state === "success") await reportOvercome({ deployment, calls }, context);
    const { overtaken } = outcome;
    await ports.results.record({ deployment, state, deployed: out, ...(overtaken && { overtaken }) });
  }
  const { heldUntil } = deployment;
  await ports.deployments.update(deployment.githubId, {
    ...outcome,
    ...(state === "held" && heldUntil && { heldUntil }),
    changedAt: now,
  });
}

export async function containment(
  shas: readonly string[],
  { key, ports }: DeploymentContext,
): Promise<Containment> {
  return shas.length < 2 ? new Map() : ports.commits.containment(key.repositoryId, shas);
}

function isAsRecorded(deployment: KnownDeployment, { state, description, log }: CombinedStatus): boolean {
  const sameLog = log === undefined || log === deployment.log;
  return deployment.state === state && deployment.description === description && sameLog;
}

async function deployedNow(
  deployment: KnownDeployment,
  context: DeploymentContext & { readonly all: readonly DeploymentCandidate[] },
): Promise<readonly Moved[]> {
  const earlier = containedMerges(deployment, context.all);
  const shas = [deployment, ...earlier].map(({ sha }) => sha);
  return deployedVersions(deployment, earlier, await containment(shas, context));
}

/**
 * Updates the failure comments that this success makes outdated: this deployment's own, those of the same commit, and
 * those of merges that it contains.
 */
async function reportOvercome(
  { deployment: by, calls }: DeploymentCandidate,
  context: DeploymentContext & { readonly all: readonly DeploymentCandidate[] },
): Promise<void> {
  const failed = containedMerges(by, context.all).filter(hasFailed);
  const shas = [by, ...failed].map(({ sha }) => sha);
  const contains = (await containment(shas, context)).get(by.sha);
  const overcome = [
    ...(hasFailedBefore(by, calls) ? [by] : []),
    ...context.all.flatMap(({ deployment }) => (isTriedBefore(deployment, by) ? [deployment] : [])),
    ...failed.filter(({ sha }) => contains?.has(sha)),
  ];
  for (const one of overcome)
    await context.ports.comments.replace(one, overcomeComment(one, { by, at: context.now }));
}

/** An earlier deployment of the same commit that failed. */
function isTriedBefore(one: KnownDeployment, by: KnownDeployment): boolean {
  const isEarlier = one.githubId !== by.githubId && one.createdAt <= by.createdAt;
  return isEarlier && one.sha === by.sha && one.repeats?.task !== "heal" && hasFailed(one);
}

/**
 * A failed build that was restarted by hand first shows as running again; its ended call tells that it failed before.
 */
function hasFailedBefore(deployment: KnownDeployment, calls: readonly DeployerCall[]): boolean {
  return hasFailed(deployment) || calls.some(({ endedAt }) => endedAt !== undefined);
}

function hasFailed({ state }: KnownDeployment): boolean {
  return state === "failure" || state === "error";
}
