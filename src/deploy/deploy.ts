// Everything that is to be done about one environment's deployments at one moment. Called again until nothing is open;
// one call at a time per environment, which the queue sees to by the key.

import type { DeployerCall } from "../model/deployment.ts";
import type { Problem } from "../model/problem.ts";
import { ended, type Step } from "./call.ts";
import { combine, isFinal, type Outcome, statusOf } from "./combine.ts";
import {
  type Candidate,
  type Containment,
  type Decision,
  decide,
  isUnfinished,
  type KnownDeployment,
  relevant,
} from "./decide.ts";
import { carried, delivered } from "./delivered.ts";
import { containedIn, failureComment, heldBack, nobodyToCall, waitsFor } from "./describe.ts";
import type { DeployPorts, EnvironmentKey, Site } from "./ports.ts";
import { callDeployer, followCall } from "./step.ts";

/** Deployments older than the newest twenty are over, or were overtaken by those that came after. */
const remembered = 20;

interface Round {
  readonly key: EnvironmentKey;
  readonly ports: DeployPorts;
  readonly now: Date;
  readonly site: Site | undefined;
}

/** A deployment after its calls took a step each. */
interface Stepped extends Candidate {
  readonly again: readonly Date[];
}

/** Takes every open call one step further and tells GitHub what changed; `again` is when the next step is due, if any is. */
export async function deploy(key: EnvironmentKey, ports: DeployPorts): Promise<{ readonly again?: Date }> {
  const round: Round = { key, ports, now: ports.now(), site: await ports.sites.find(key) };
  const followed = await inTurn(await candidatesOf(key, ports), (one) => follow(one, round));
  const decision = decide(followed, await containment(relevant(followed), round), round.now);
  const stepped = await inTurn(followed, (one) => act(one, decision, round));
  for (const one of stepped) await settle(one, outcomeOf(one, decision, round.site), { ...round, stepped });
  const due = [...stepped.flatMap(({ again }) => again), ...ends(decision)].map((at) => at.getTime());
  return due.length === 0 ? {} : { again: new Date(Math.min(...due)) };
}

async function candidatesOf(
  key: EnvironmentKey,
  { deployments }: DeployPorts,
): Promise<readonly Candidate[]> {
  const newest = await deployments.ofEnvironment(key.repositoryId, key.environment, remembered);
  return inTurn(newest.filter(isKnown), async (deployment) => {
    if (isUnfinished(deployment)) await deployments.plan(deployment.githubId, deployment.deployers);
    return { deployment, calls: await deployments.calls(deployment.githubId) };
  });
}

function isKnown(deployment: { readonly githubId?: number }): deployment is KnownDeployment {
  return deployment.githubId !== undefined;
}

function follow(candidate: Candidate, round: Round): Promise<Stepped> {
  return stepWhere(candidate, round, ({ state }) =>
    state === "called" || state === "running" ? followCall : undefined,
  );
}

/** Tells those that are to be told now, and lets go of those that will hear of a later deployment only. */
async function act(candidate: Stepped, decision: Decision, round: Round): Promise<Stepped> {
  const { deployment, again } = candidate;
  if ([...decision.overtaken, ...decision.curtailed].some((one) => one.deployment === deployment))
    return { ...candidate, calls: await letGo(candidate.calls, round) };
  if (decision.call !== deployment) return candidate;
  const acted = await stepWhere(candidate, round, ({ state }) =>
    state === "waiting" ? callDeployer : undefined,
  );
  return { ...acted, again: [...again, ...acted.again] };
}

async function letGo(calls: readonly DeployerCall[], { ports }: Round): Promise<readonly DeployerCall[]> {
  return inTurn(calls, async (call) => {
    if (call.state !== "waiting") return call;
    const { problem: _problem, ...kept } = call;
    const skipped: DeployerCall = { ...kept, state: "skipped" };
    await ports.deployments.setCall(skipped);
    return skipped;
  });
}

type Stepper = typeof followCall;

async function stepWhere(
  { deployment, calls }: Candidate,
  round: Round,
  stepper: (call: DeployerCall) => Stepper | undefined,
): Promise<Stepped> {
  const steps = await inTurn(calls, async (call): Promise<Step> => {
    const take = stepper(call);
    return take === undefined ? { call } : takeStep(call, take, { ...round, deployment });
  });
  return {
    deployment,
    calls: steps.map(({ call }) => call),
    again: steps.flatMap(({ again }) => again ?? []),
  };
}

/** A report that came in during the step wins over what the step found. */
async function takeStep(
  call: DeployerCall,
  take: Stepper,
  { ports, now, site, deployment }: Round & { readonly deployment: KnownDeployment },
): Promise<Step> {
  let known = call;
  const save = async (next: DeployerCall): Promise<void> => {
    await ports.deployments.setCall(next);
    known = next;
  };
  if (site === undefined && !isAcknowledged(call)) return ended(call, unconfigured(deployment));
  const step = await take(call, errandFor(deployment, site), { ...ports, now, save });
  const calls = await ports.deployments.calls(call.deploymentId);
  const stored = calls.find(({ deployer }) => deployer === call.deployer);
  if (stored !== undefined && !saysTheSame(stored, known)) return { call: stored, again: now };
  await ports.deployments.setCall(step.call);
  return step;
}

function saysTheSame(one: DeployerCall, other: DeployerCall): boolean {
  return one.state === other.state && one.log === other.log && one.description === other.description;
}

function isAcknowledged({ url, state }: DeployerCall): boolean {
  return url !== undefined || state === "running";
}

function unconfigured({ environment }: KnownDeployment): Problem {
  return {
    code: "config-invalid",
    message: `The environment "${environment}" is no longer configured, so its deployers cannot be told where it is.`,
    help: "Put the environment back into .github/chart-promoter.yml and merge a change to it.",
  };
}

function errandFor({ githubId, environment, sha, promotions }: KnownDeployment, site: Site | undefined) {
  const { repository = "", path = "" } = site ?? {};
  return { repository, environment, path, revision: sha, deploymentId: githubId, promotions };
}

function outcomeOf(
  { deployment, calls }: Candidate,
  decision: Decision,
  site: Site | undefined,
): Outcome | undefined {
  const isThis = (one: { readonly deployment: KnownDeployment }): boolean => one.deployment === deployment;
  const newer = decision.overtaken.find(isThis);
  if (newer !== undefined) return { state: "inactive", description: containedIn(newer.by) };
  if (decision.held.includes(deployment))
    return { state: "held", description: heldBack(deployment.heldUntil, site?.freeze ?? []) };
  const running = decision.behind.find(isThis);
  if (running !== undefined) return { state: "queued", description: waitsFor(running.by) };
  if (calls.length > 0) return deployment.state === "inactive" ? undefined : combine(calls);
  return isUnfinished(deployment) ? { state: "success", description: nobodyToCall } : undefined;
}

/** GitHub first and the record last, so that a crash in between only repeats. */
async function settle(
  { deployment, calls }: Stepped,
  outcome: Outcome | undefined,
  round: Round & { readonly stepped: readonly Stepped[] },
): Promise<void> {
  if (outcome === undefined || isAsRecorded(deployment, outcome)) return;
  const { ports } = round;
  if (calls.length > 0) await ports.statuses.set(deployment, statusOf(outcome));
  if (outcome.state === "failure" || outcome.state === "error")
    await ports.comments.ensure(deployment, failureComment(deployment, calls));
  if (isFinal(outcome.state)) {
    const out = outcome.state === "success" ? await deliveredBy(deployment, round) : [];
    await ports.settlements.tell({ deployment, state: outcome.state, delivered: out });
  }
  await ports.deployments.update(deployment.githubId, { ...outcome, changedAt: round.now });
}

function isAsRecorded(deployment: KnownDeployment, { state, description, log }: Outcome): boolean {
  return deployment.state === state && deployment.description === description && deployment.log === log;
}

async function deliveredBy(
  deployment: KnownDeployment,
  round: Round & { readonly stepped: readonly Stepped[] },
) {
  const earlier = carried(deployment, round.stepped);
  const shas = [deployment, ...earlier].map(({ sha }) => sha);
  return delivered(deployment, earlier, await containment(shas, round));
}

async function containment(shas: readonly string[], { key, ports }: Round): Promise<Containment> {
  return shas.length < 2 ? new Map() : ports.commits.containment(key.repositoryId, shas);
}

function ends({ held }: Decision): readonly Date[] {
  return held.flatMap(({ heldUntil }) => heldUntil ?? []);
}

/** One after the other: a deployer is never asked two things at once. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
