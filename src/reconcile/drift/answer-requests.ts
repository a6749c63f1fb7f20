// Repeated deployments that were requested or begun, and that GitHub does not have yet.

import { holdAt } from "../../domain/deployment/hold.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { RepeatRequest } from "../../domain/model/drift.ts";
import type { EnvironmentContext } from "../context.ts";
import { type DeployedSoFar, deployedSoFar } from "./observe-drift.ts";
import { repeatDeployment, resumeRepeat } from "./repeat-deployment.ts";
import { obstacleTo } from "./request-repeat.ts";

/** Retry interval while a hold has no known end. */
const WITHOUT_END_MS = 10 * 60_000;

/** Returns when to requeue. */
export async function answerRequests(
  key: EnvironmentKey,
  context: EnvironmentContext,
): Promise<readonly Date[]> {
  const requeues: Date[] = [];
  const { all } = await deployedSoFar(key, context.deps);
  for (const repeat of all.filter(({ repeats, githubId }) => repeats && githubId === undefined)) {
    const { requeueAt } = (await resumeRepeat(repeat, context)) ?? {};
    if (requeueAt) requeues.push(requeueAt);
  }
  for (const request of await context.deps.store.drift.requests(key)) {
    const later = await answer(request, key, context);
    if (later) requeues.push(later);
  }
  return requeues;
}

/** Keeps a request that a running deployment or a hold is in the way of; the end of either requeues it. */
async function answer(
  request: RepeatRequest,
  key: EnvironmentKey,
  context: EnvironmentContext,
): Promise<Date | undefined> {
  const { environment, deps } = context;
  const soFar = await deployedSoFar(key, deps);
  const { last } = soFar;
  const isBegun = soFar.all.some(({ repeats }) => repeats?.intent === request.intent);
  if (!isBegun && last && obstacleTo(environment, soFar, deps.clock())) return endOfFreeze(context, soFar);
  if (!isBegun && last) {
    const { task, intent, by } = request;
    const result = await repeatDeployment(last, { task, of: last.githubId, intent, by }, context);
    if (result?.requeueAt) return result.requeueAt;
  }
  await deps.store.drift.answered(key, request.intent);
  return undefined;
}

function endOfFreeze({ environment, deps }: EnvironmentContext, { open }: DeployedSoFar): Date | undefined {
  if (open) return undefined;
  const now = deps.clock();
  return holdAt(environment, now)?.until ?? new Date(now.getTime() + WITHOUT_END_MS);
}
