// One step for each call of a deployment that is due one, made durable, with reports from outside taking precedence.

import type { DeployerCall } from "../model/deployment.ts";
import type { Problem } from "../model/problem.ts";
import { ended, type Step } from "./call.ts";
import type { Candidate, KnownDeployment } from "./decide.ts";
import type { Errand } from "./errand.ts";
import type { Site } from "./ports.ts";
import { inTurn, type Round, type Stepped } from "./round.ts";
import { callDeployer, followCall } from "./step.ts";

/** Looks after every call that was made, or may have been. */
export function follow(candidate: Candidate, round: Round): Promise<Stepped> {
  return takeSteps(candidate, round, { of: ["called", "running"], take: followCall });
}

/** Makes every call that was not made yet. */
export async function callAll(candidate: Stepped, round: Round): Promise<Stepped> {
  const called = await takeSteps(candidate, round, { of: ["waiting"], take: callDeployer });
  return { ...called, again: [...candidate.again, ...called.again] };
}

/** Gives up the calls that were not made: their deployers will hear of a later deployment only. */
export async function letGo(candidate: Stepped, { ports }: Round): Promise<Stepped> {
  const calls = await inTurn(candidate.calls, async (call) => {
    if (call.state !== "waiting") return call;
    const { problem: _problem, ...kept } = call;
    const skipped: DeployerCall = { ...kept, state: "skipped" };
    return (await ports.deployments.replaceCall(call, skipped)) ? skipped : storedAs(call, ports);
  });
  return { ...candidate, calls };
}

interface Stepping {
  readonly of: readonly DeployerCall["state"][];
  readonly take: typeof followCall;
}

async function takeSteps(
  { deployment, calls }: Candidate,
  round: Round,
  { of, take }: Stepping,
): Promise<Stepped> {
  const steps = await inTurn(calls, async (call): Promise<Step> => {
    if (!of.includes(call.state)) return { call };
    if (round.site === undefined && !isAcknowledged(call))
      return kept(call, ended(call, unconfigured(deployment)), round);
    return takeStep(call, take, { ...round, errand: errandFor(deployment, round.site) });
  });
  return {
    deployment,
    calls: steps.map((step) => step.call),
    again: steps.flatMap(({ again }) => again ?? []),
  };
}

async function takeStep(
  call: DeployerCall,
  take: Stepping["take"],
  round: Round & { readonly errand: Errand },
): Promise<Step> {
  let known = call;
  const save = async (next: DeployerCall): Promise<boolean> => {
    const saved = await round.ports.deployments.replaceCall(known, next);
    if (saved) known = next;
    return saved;
  };
  const step = await take(call, round.errand, { ...round.ports, now: round.now, save });
  return kept(known, step, round);
}

/** A report that came in during the step wins over what the step found; then the next look is due at once. */
async function kept(known: DeployerCall, step: Step, { ports, now }: Round): Promise<Step> {
  const isKept = await ports.deployments.replaceCall(known, step.call);
  return isKept ? step : { call: await storedAs(known, ports), again: now };
}

async function storedAs(
  { deploymentId, deployer }: DeployerCall,
  { deployments }: Round["ports"],
): Promise<DeployerCall> {
  const stored = (await deployments.calls(deploymentId)).find((one) => one.deployer === deployer);
  if (!stored) throw new Error(`the call of ${deployer} for deployment ${deploymentId} is gone`);
  return stored;
}

function isAcknowledged({ url, state }: DeployerCall): boolean {
  return url !== undefined || state === "running";
}

function errandFor(
  { githubId, environment, sha, promotions }: KnownDeployment,
  site: Site | undefined,
): Errand {
  const { repository = "", path = "" } = site ?? {};
  return { repository, environment, path, revision: sha, deploymentId: githubId, promotions };
}

function unconfigured({ environment }: KnownDeployment): Problem {
  return {
    code: "config-invalid",
    message: `The environment "${environment}" is no longer configured, so its deployers cannot be told where it is.`,
    help: "Put the environment back into .github/chart-promoter.yml and merge a change to it.",
  };
}
