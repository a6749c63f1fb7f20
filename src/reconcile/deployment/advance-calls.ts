// Takes each call of a deployment that is due one step further and stores the result. A report that arrives meanwhile
// takes precedence.

import {
  type CallStep,
  ended,
  noNews,
  notDelivered,
  type RequestFailure,
} from "../../domain/deployment/call-state.ts";
import type { DeployRequest } from "../../domain/deployment/deploy-request.ts";
import type { DeploymentCandidate, KnownDeployment } from "../../domain/deployment/next-deployment.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { Deployers } from "../ports/deployers.ts";
import {
  type AdvancedDeployment,
  type DeploymentContext,
  isConfigured,
  mapSeries,
} from "./deployment-context.ts";
import type { DeployTarget, NoTarget } from "./ports.ts";

/**
 * Polls every call that was made, or may have been made (lost answer); for the newest deployment also the failed ones.
 */
export function followCalls(
  candidate: DeploymentCandidate,
  context: DeploymentContext,
  isBegunLast: boolean,
): Promise<AdvancedDeployment> {
  return advanceCalls(candidate, context, {
    of: isBegunLast ? ["called", "running", "failed"] : ["called", "running"],
    take: context.ports.deployers.follow,
  });
}

/** Makes every call that was not made yet. */
export async function makeCalls(
  candidate: AdvancedDeployment,
  context: DeploymentContext,
): Promise<AdvancedDeployment> {
  const called = await advanceCalls(candidate, context, {
    of: ["waiting"],
    take: context.ports.deployers.call,
  });
  return { ...called, requeueAt: [...candidate.requeueAt, ...called.requeueAt] };
}

/** Skips the calls that were not made yet: their deployers are called for a later deployment instead. */
export async function skipRemaining(
  candidate: AdvancedDeployment,
  { ports }: DeploymentContext,
): Promise<AdvancedDeployment> {
  const calls = await mapSeries(candidate.calls, async (call) => {
    if (call.state !== "waiting") return call;
    const { problem: _problem, ...kept } = call;
    const skipped: DeployerCall = { ...kept, state: "skipped" };
    return (await ports.deployments.replaceCall(call, skipped)) ? skipped : storedAs(call, ports);
  });
  return { ...candidate, calls };
}

interface Advancing {
  readonly of: readonly DeployerCall["state"][];
  readonly take: Deployers["call"];
}

async function advanceCalls(
  { deployment, calls }: DeploymentCandidate,
  context: DeploymentContext,
  { of, take }: Advancing,
): Promise<AdvancedDeployment> {
  const steps = await mapSeries(calls, async (call): Promise<CallStep> => {
    if (!of.includes(call.state)) return { call };
    if (call.state === "failed" && call.endedAt === undefined) return { call };
    if (!isConfigured(context.target) && call.state !== "failed" && !isAcknowledged(call))
      return kept(call, unconfiguredStep(call, context.target, { ...context, deployment }), context);
    return advanceCall(call, take, { ...context, request: requestFor(deployment, context.target) });
  });
  return {
    deployment,
    calls: steps.map((step) => step.call),
    requeueAt: steps.flatMap(({ requeueAt }) => requeueAt ?? []),
  };
}

async function advanceCall(
  call: DeployerCall,
  take: Advancing["take"],
  context: DeploymentContext & { readonly request: DeployRequest },
): Promise<CallStep> {
  let known = call;
  const save = async (next: DeployerCall): Promise<boolean> => {
    const saved = await context.ports.deployments.replaceCall(known, next);
    if (saved) known = next;
    return saved;
  };
  const isNamed = isNamedNow(call, context.target);
  const step = await take(call, context.request, { ...context.ports, now: context.now, save, isNamed });
  return kept(known, step, context);
}

/** A report that arrived during the step wins over the step's result; the requeue is then due at once. */
async function kept(
  known: DeployerCall,
  step: CallStep,
  { ports, now }: DeploymentContext,
): Promise<CallStep> {
  const isKept = await ports.deployments.replaceCall(known, step.call);
  return isKept ? step : { call: await storedAs(known, ports), requeueAt: now };
}

async function storedAs(
  { deploymentId, deployer }: DeployerCall,
  { deployments }: DeploymentContext["ports"],
): Promise<DeployerCall> {
  const stored = (await deployments.calls(deploymentId)).find((one) => one.deployer === deployer);
  if (!stored) throw new Error(`the call of ${deployer} for deployment ${deploymentId} is gone`);
  return stored;
}

function isAcknowledged({ url, state }: DeployerCall): boolean {
  return url !== undefined || state === "running";
}

/** The folder may have moved since: the chart is where the config had it at its commit. */
function requestFor(
  { githubId, environment, sha, promotions, path: then }: KnownDeployment,
  target: DeployTarget | NoTarget,
): DeployRequest {
  const path = then ?? (isConfigured(target) ? target.path : "");
  const request = { environment, path, revision: sha, deploymentId: githubId, promotions };
  return { ...request, repository: target.repository };
}

/** True as well while the config cannot be read. */
function isNamedNow({ deployer }: DeployerCall, target: DeployTarget | NoTarget): boolean {
  return isConfigured(target) ? target.deployers?.includes(deployer) === true : target.missing === "config";
}

/** While the config cannot be read, the call waits, as it does while the deployer is unreachable. */
function unconfiguredStep(
  call: DeployerCall,
  { missing }: NoTarget,
  { deployment, ports, now }: DeploymentContext & Pick<DeploymentCandidate, "deployment">,
): CallStep {
  if (missing === "environment") return ended(call, unconfigured(deployment));
  const tools = { timeouts: ports.timeouts, now };
  return call.state === "waiting" ? notDelivered(call, UNREAD, tools) : noNews(call, UNREAD, tools);
}

const UNREAD: RequestFailure = {
  kind: "unreachable",
  sent: "no",
  problem: {
    code: "config-invalid",
    message: ".github/chart-promoter.yml cannot be read, and it says whom to call.",
    help: "Correct the file, and comment `/redeploy` here.",
  },
};

function unconfigured({ environment }: KnownDeployment): Problem {
  return {
    code: "config-invalid",
    message: `The environment "${environment}" is no longer configured, so its deployers cannot be told where it is.`,
    help: "Put the environment back into .github/chart-promoter.yml and merge a change to it.",
  };
}
