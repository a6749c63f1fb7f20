// Everything that is to be done about one environment's deployments at one moment.
// Not to be run twice at a time for one environment, which the queue sees to when the environment is the key.

import {
  type DeploymentCandidate,
  type DeploymentDecision,
  decideNextDeployment,
  hasBegun,
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
import { containment, outcomeOf, reportStatus } from "./report-status.ts";

/** Older deployments are over, or were overtaken by those that came after. */
const remembered = 100;

/** Takes every open call one step further and shows GitHub what changed; `requeueAt` is when the next step is due, if any is. */
export async function advanceDeployments(
  key: EnvironmentKey,
  ports: DeployPorts,
): Promise<{ readonly requeueAt?: Date }> {
  const context: DeploymentContext = { key, ports, now: ports.now(), target: await ports.targets.find(key) };
  const known = await candidates(context);
  const begun = lastBegun(known);
  const followed = await mapSeries(known, (one) => followCalls(one, context, one === begun));
  const decision = decideNextDeployment(
    followed,
    await containment(relevant(followed), context),
    context.now,
  );
  const all = await mapSeries(followed, (one) => act(one, decision, context));
  for (const one of all)
    await reportStatus(one, outcomeOf(one, decision, holdIn(context)), { ...context, all });
  return earliest([...all.flatMap(({ requeueAt }) => requeueAt), ...holdEnds(decision)]);
}

/** Newest first. Those that GitHub does not show yet come with the next reconcile. */
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
 * Since the merge the freeze may have been lifted, shortened or prolonged, and the emergency declared. What was not merged
 * in a freeze, it does not hold; a repeat it does, and windows and the operator hold whatever nobody was told of.
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

function holdIn({ target }: DeploymentContext): DeploymentHold | undefined {
  return isConfigured(target) ? target.hold : undefined;
}

/** The label for emergencies counts for everything but the operator's word. */
function isHeldBy({ holdsAll }: DeploymentHold, { repeats, emergency }: KnownDeployment): boolean {
  return repeats !== undefined || (holdsAll === true && emergency !== true);
}

function heldWith(deployment: KnownDeployment, { until }: DeploymentHold): KnownDeployment {
  const { heldUntil: _as, ...kept } = deployment;
  return { ...kept, state: "held", ...(until && { heldUntil: until }) };
}

type DeploymentHold = NonNullable<DeployTarget["hold"]>;

function isKnown(deployment: { readonly githubId?: number }): deployment is KnownDeployment {
  return deployment.githubId !== undefined;
}

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
