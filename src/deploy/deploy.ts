// Everything that is to be done about one environment's deployments at one moment.
// Not to be run twice at a time for one environment, which the queue sees to when the environment is the key.

import {
  type Candidate,
  type Decision,
  decide,
  isUnfinished,
  type KnownDeployment,
  relevant,
} from "./decide.ts";
import type { DeployPorts, EnvironmentKey } from "./ports.ts";
import { inTurn, type Round, type Stepped } from "./round.ts";
import { containment, outcomeOf, settle } from "./settle.ts";
import { callAll, follow, letGo } from "./take-steps.ts";

/** Older deployments are over, or were overtaken by those that came after. */
const remembered = 100;

/** Takes every open call one step further and tells GitHub what changed; `again` is when the next step is due, if any is. */
export async function deploy(key: EnvironmentKey, ports: DeployPorts): Promise<{ readonly again?: Date }> {
  const round: Round = { key, ports, now: ports.now(), site: await ports.sites.find(key) };
  const followed = await inTurn(await candidates(round), (one) => follow(one, round));
  const decision = decide(followed, await containment(relevant(followed), round), round.now);
  const all = await inTurn(followed, (one) => act(one, decision, round));
  for (const one of all) await settle(one, outcomeOf(one, decision, round.site), { ...round, all });
  return earliest([...all.flatMap(({ again }) => again), ...freezeEnds(decision)]);
}

/** Newest first. Those that GitHub does not know yet come with the next look. */
async function candidates(round: Round): Promise<readonly Candidate[]> {
  const { key, ports } = round;
  const { deployments } = ports;
  const newest = await deployments.ofEnvironment(key.repositoryId, key.environment, remembered);
  return inTurn(newest.filter(isKnown), async (deployment) => {
    if (isUnfinished(deployment)) await deployments.plan(deployment.githubId, deployment.deployers);
    return {
      deployment: heldAsOfNow(deployment, round),
      calls: await deployments.calls(deployment.githubId),
    };
  });
}

/** Since the merge the freeze may have been lifted, shortened or prolonged, and the emergency declared. */
function heldAsOfNow(deployment: KnownDeployment, { site, now }: Round): KnownDeployment {
  if (deployment.state !== "held") return deployment;
  if (deployment.emergency) return { ...deployment, heldUntil: now };
  return site ? { ...deployment, heldUntil: site.frozen?.until ?? now } : deployment;
}

function isKnown(deployment: { readonly githubId?: number }): deployment is KnownDeployment {
  return deployment.githubId !== undefined;
}

async function act(candidate: Stepped, decision: Decision, round: Round): Promise<Stepped> {
  const { deployment } = candidate;
  const late = [...decision.overtaken, ...decision.curtailed];
  if (late.some((one) => one.deployment === deployment)) return letGo(candidate, round);
  return decision.call === deployment ? callAll(candidate, round) : candidate;
}

function freezeEnds({ held }: Decision): readonly Date[] {
  return held.flatMap(({ heldUntil }) => heldUntil ?? []);
}

function earliest(dates: readonly Date[]): { readonly again?: Date } {
  if (dates.length === 0) return {};
  return { again: new Date(Math.min(...dates.map((date) => date.getTime()))) };
}
