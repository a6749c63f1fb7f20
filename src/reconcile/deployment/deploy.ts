// Reconciles the deployments of one environment. Must not run twice at a time for one environment; the work queue
// guarantees that, as the environment is the key.

import type { CombinedStatus } from "../../domain/deployment/combine-calls.ts";
import { offBranch } from "../../domain/deployment/describe.ts";
import {
  type DeploymentCandidate,
  type DeploymentDecision,
  decideNextDeployment,
  hasBegun,
  hasWaited,
  isKnown,
  isUnfinished,
  type KnownDeployment,
  lastBegun,
  relevant,
} from "../../domain/deployment/next-deployment.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import { followCalls, makeCalls, skipRemaining } from "./advance-calls.ts";
import {
  type AdvancedDeployment,
  type DeploymentContext,
  isConfigured,
  mapSeries,
} from "./deployment-context.ts";
import type { DeployPorts, DeployTarget } from "./ports.ts";
import { reopenContained } from "./reopen-contained.ts";
import { containment, outcomeOf, reportStatus } from "./report-status.ts";

/** Newest deployments that are loaded; older ones have ended or are superseded. */
const remembered = 100;

/**
 * Takes every open call one step further and reports changes to GitHub; `requeueAt`: when the next step is due, if any.
 */
export async function advanceDeployments(
  key: EnvironmentKey,
  ports: DeployPorts,
): Promise<{ readonly requeueAt?: Date }> {
  const context: DeploymentContext = { key, ports, now: ports.now(), target: await ports.targets.find(key) };
  const known = (await candidates(context)).filter((one) => !isLeftWaiting(one, context));
  const begun = lastBegun(known);
  const followed = await mapSeries(known, (one) => followCalls(one, context, one === begun));
  const { lost, ...decision } = await decide(followed, context);
  const all = await mapSeries(followed, (one) =>
    lost.has(one.deployment) ? skipRemaining(one, context) : act(one, decision, context),
  );
  for (const one of all) {
    const outcome = lost.has(one.deployment)
      ? lostOutcome(context)
      : outcomeOf(one, decision, holdIn(context));
    await reportStatus(one, outcome, { ...context, all });
  }
  const reopened = await reopenContained(all, lost, context);
  return earliest([...all.flatMap(({ requeueAt }) => requeueAt), ...holdEnds(decision), ...reopened]);
}

interface Decision extends DeploymentDecision {
  /** Waiting deployments whose commit was forced off the branch. */
  readonly lost: ReadonlySet<KnownDeployment>;
}

/**
 * A deployment that waited is called or held only while its commit is on the branch. One request for each such
 * deployment.
 */
async function decide(
  candidates: readonly DeploymentCandidate[],
  context: DeploymentContext,
): Promise<Decision> {
  const lost = new Set<KnownDeployment>();
  const there = new Set<KnownDeployment>();
  for (;;) {
    const left = candidates.filter(({ deployment }) => !lost.has(deployment));
    const order = await containment(relevant(left), context);
    const decision = decideNextDeployment(left, order, context.now);
    const due = [...decision.held, ...(decision.call ? [decision.call] : [])];
    const unsure = left.filter(
      (one) => due.includes(one.deployment) && !there.has(one.deployment) && hasWaited(one),
    );
    if (unsure.length === 0) return { ...decision, lost };
    for (const { deployment } of unsure)
      ((await isOnBranch(deployment, context)) ? there : lost).add(deployment);
  }
}

async function isOnBranch(
  { sha }: KnownDeployment,
  { key, ports, target }: DeploymentContext,
): Promise<boolean> {
  if (!isConfigured(target)) return true;
  return ports.commits.isOn(key.repositoryId, { branch: target.branch, sha });
}

function lostOutcome({ target }: DeploymentContext): CombinedStatus {
  const branch = isConfigured(target) ? target.branch : "";
  return { state: "inactive", description: offBranch(branch), overtaken: "replaced" };
}

/** Newest first. A deployment that has no GitHub id yet is left to the next reconcile. */
async function candidates(context: DeploymentContext): Promise<readonly DeploymentCandidate[]> {
  const { key, ports } = context;
  const { deployments } = ports;
  const newest = await deployments.ofEnvironment(key.repositoryId, key.environment, remembered);
  return mapSeries(newest.filter(isKnown), async (deployment) => {
    if (isUnfinished(deployment)) await deployments.plan(deployment.githubId, deployment.deployers);
    const calls = await deployments.calls(deployment.githubId);
    return { deployment: heldAsOfNow({ deployment, calls }, context), calls };
  });
}

/**
 * Recomputes the hold from the current config and labels. Applies to deployments whose deployers were not called yet: a
 * freeze holds only what was merged during it, and repeats; deployment windows and an operator's pause hold everything.
 */
function heldAsOfNow(
  candidate: DeploymentCandidate,
  context: DeploymentContext,
): DeploymentCandidate["deployment"] {
  const { target, now } = context;
  const { deployment } = candidate;
  const hold = holdIn(context);
  const isOfOperator = hold !== undefined && hold.until === undefined;
  const mayBeHeld = isUnfinished(deployment) && !hasBegun(candidate);
  if (hold && mayBeHeld && (isOfOperator || isHeldBy(hold, deployment))) return heldWith(deployment, hold);
  if (deployment.state !== "held") return deployment;
  if (deployment.emergency) return { ...deployment, heldUntil: now };
  return isConfigured(target) ? { ...deployment, heldUntil: hold?.until ?? now } : deployment;
}

/**
 * Waits for an environment that is not in the config any more: a reconcile of the repository deploys it under the new
 * name, or ends it.
 */
function isLeftWaiting(candidate: DeploymentCandidate, { target }: DeploymentContext): boolean {
  const isLeft = !isConfigured(target) && target.missing === "environment";
  return isLeft && isUnfinished(candidate.deployment) && !hasBegun(candidate);
}

function holdIn({ target }: DeploymentContext): DeploymentHold | undefined {
  return isConfigured(target) ? target.hold : undefined;
}

/** The emergency label lifts every hold but an operator's pause. */
function isHeldBy({ holdsAll }: DeploymentHold, { repeats, emergency }: KnownDeployment): boolean {
  return repeats !== undefined || (holdsAll === true && emergency !== true);
}

function heldWith(deployment: KnownDeployment, { until }: DeploymentHold): KnownDeployment {
  const { heldUntil: _as, ...kept } = deployment;
  return { ...kept, state: "held", ...(until && { heldUntil: until }) };
}

type DeploymentHold = NonNullable<DeployTarget["hold"]>;

async function act(
  candidate: AdvancedDeployment,
  decision: DeploymentDecision,
  context: DeploymentContext,
): Promise<AdvancedDeployment> {
  const { deployment } = candidate;
  const late = [...decision.superseded, ...decision.partlySuperseded];
  if (late.some((one) => one.deployment === deployment)) return skipRemaining(candidate, context);
  return decision.call === deployment ? makeCalls(candidate, context) : candidate;
}

function holdEnds({ held }: DeploymentDecision): readonly Date[] {
  return held.flatMap(({ heldUntil }) => heldUntil ?? []);
}

function earliest(dates: readonly Date[]): { readonly requeueAt?: Date } {
  if (dates.length === 0) return {};
  return { requeueAt: new Date(Math.min(...dates.map((date) => date.getTime()))) };
}
