// Tells GitHub, the pull request and the record what a deployment has come to, whenever that has changed.

import type { Moved } from "../model/deployment.ts";
import { combine, isFinal, type Outcome, statusOf } from "./combine.ts";
import {
  type Candidate,
  type Containment,
  type Decision,
  isUnfinished,
  type KnownDeployment,
} from "./decide.ts";
import { carried, delivered } from "./delivered.ts";
import { failureComment, heldBack, nobodyToCall, overtakenBy, waitsFor } from "./describe.ts";
import type { Site } from "./ports.ts";
import type { Round, Stepped } from "./round.ts";

/** `undefined` where there is nothing to say about the deployment any more. */
export function outcomeOf(
  { deployment, calls }: Candidate,
  decision: Decision,
  site: Site | undefined,
): Outcome | undefined {
  const isThis = (one: { readonly deployment: KnownDeployment }): boolean => one.deployment === deployment;
  const newer = decision.overtaken.find(isThis);
  if (newer !== undefined)
    return { state: "inactive", description: overtakenBy(newer), overtaken: newer.how };
  if (decision.held.includes(deployment))
    return { state: "held", description: heldBack(deployment.heldUntil, site?.frozen?.reason) };
  const running = decision.behind.find(isThis);
  if (running !== undefined) return { state: "queued", description: waitsFor(running.by) };
  if (calls.length > 0) return deployment.state === "inactive" ? undefined : combine(calls);
  return isUnfinished(deployment) ? { state: "success", description: nobodyToCall } : undefined;
}

/** GitHub first and the record last, so that a crash in between only repeats. */
export async function settle(
  { deployment, calls }: Stepped,
  outcome: Outcome | undefined,
  round: Round & { readonly all: readonly Candidate[] },
): Promise<void> {
  if (outcome === undefined || isAsRecorded(deployment, outcome)) return;
  const { ports, now } = round;
  const { state } = outcome;
  if (calls.length > 0) await ports.statuses.set(deployment, statusOf(outcome));
  if (state === "failure" || state === "error")
    await ports.comments.ensure(deployment, failureComment(deployment, calls));
  if (isFinal(state)) {
    const out = state === "success" ? await broughtOut(deployment, round) : [];
    const { overtaken } = outcome;
    await ports.settlements.tell({ deployment, state, delivered: out, ...(overtaken && { overtaken }) });
  }
  const { heldUntil } = deployment;
  await ports.deployments.update(deployment.githubId, {
    ...outcome,
    ...(state === "held" && heldUntil && { heldUntil }),
    changedAt: now,
  });
}

export async function containment(shas: readonly string[], { key, ports }: Round): Promise<Containment> {
  return shas.length < 2 ? new Map() : ports.commits.containment(key.repositoryId, shas);
}

function isAsRecorded(deployment: KnownDeployment, { state, description, log }: Outcome): boolean {
  const sameLog = log === undefined || log === deployment.log;
  return deployment.state === state && deployment.description === description && sameLog;
}

async function broughtOut(
  deployment: KnownDeployment,
  round: Round & { readonly all: readonly Candidate[] },
): Promise<readonly Moved[]> {
  const earlier = carried(deployment, round.all);
  const shas = [deployment, ...earlier].map(({ sha }) => sha);
  return delivered(deployment, earlier, await containment(shas, round));
}
