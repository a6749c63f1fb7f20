// One call to one deployer, taken one short step at a time, so that no worker waits while a deployer works.

import { durationInWords } from "../model/config/duration.ts";
import type { DeployerCall } from "../model/deployment.ts";
import type { Problem } from "../model/problem.ts";
import { type DeployerTimeouts, isOver, nextAttempt } from "./timeouts.ts";

/** What became of the call, and when to take the next step; without `requeueAt` there is none to take. */
export interface CallStep {
  readonly call: DeployerCall;
  readonly requeueAt?: Date;
}

/** Why a request to a deployer did not do what it was sent for. */
export interface RequestFailure {
  readonly kind: "refused" | "unreachable";
  readonly problem: Problem;
  /** Whether the request can have had an effect all the same. */
  readonly sent: "no" | "perhaps";
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** What the deployer asked to wait (RFC 9110 section 10.2.3), at most an hour. */
  readonly retryAfterMs?: number;
}

export interface CallTools {
  readonly timeouts: DeployerTimeouts;
  /** The instant of this step. */
  readonly now: Date;
  /** Whether the environment names the deployer: then one that server.yaml does not have is waited for. */
  readonly isNamed?: boolean;
  /** Makes the call's new state durable: done before a request that may start something, which is not made when it is false. */
  save(call: DeployerCall): Promise<boolean>;
}

type Change = Pick<DeployerCall, "state"> &
  Partial<Pick<DeployerCall, "url" | "calledAt" | "problem" | "log" | "description">>;

/** The call in its next state. What belongs to the state before (`url`, `problem` …) is dropped unless given anew. */
export function advance(call: DeployerCall, change: Change): DeployerCall {
  const { url: _url, problem: _problem, missingSince: _missing, ...kept } = call;
  return { ...kept, ...change };
}

/** As it must stand on disk before the request to the deployer goes out. */
export function aboutToCall(call: DeployerCall, now: Date): DeployerCall {
  const called = advance(call, { state: "called", calledAt: now });
  const first = call.firstCalledAt ?? call.calledAt;
  return first === undefined ? called : { ...called, firstCalledAt: first };
}

/** Certainly gone, without an effect: to be made again after growing pauses, unless that was tried for too long. */
export function calledInVain(call: DeployerCall, { timeouts, now }: CallTools): CallStep {
  const since = call.firstCalledAt ?? call.calledAt ?? now;
  if (isOver(since, timeouts.unreachableForMs, now))
    return ended(call, {
      code: "deployer-unreachable",
      message: `${call.deployer} was called for ${durationInWords(timeouts.unreachableForMs)}, and no call had an effect.`,
      help: "See why the deployer loses what it is asked for; merging a further change, or /rollback, deploys again.",
    });
  const due = nextAttempt(since, call.missingSince ?? now, timeouts.retryMs);
  if (due > now) return { call, requeueAt: due };
  return { call: advance(call, { state: "waiting" }), requeueAt: now };
}

/** A report came in, which counts before anything else is done. */
export function reportedMeanwhile(call: DeployerCall, { now }: CallTools): CallStep {
  return { call, requeueAt: now };
}

/** The request certainly did not arrive: to be tried again, unless it was tried for too long. */
export function notDelivered(
  call: DeployerCall,
  failure: RequestFailure,
  { timeouts, now }: Pick<CallTools, "timeouts" | "now">,
): CallStep {
  const since = call.calledAt ?? now;
  const limit = failure.kind === "refused" ? timeouts.refusedForMs : timeouts.unreachableForMs;
  if (isOver(since, limit, now)) return ended(call, failure.problem);
  return {
    call: advance(call, { state: "waiting", calledAt: since, problem: failure.problem }),
    requeueAt: later(nextAttempt(since, now, timeouts.retryMs), failure, now),
  };
}

/** The request arrived, or may have, and the deployer cannot be reached at the moment. */
export function noNews(
  call: DeployerCall,
  failure: RequestFailure,
  { timeouts, now }: Pick<CallTools, "timeouts" | "now">,
): CallStep {
  const since = call.calledAt ?? now;
  const limit = failure.kind === "refused" ? timeouts.reportWithinMs : timeouts.unreachableForMs;
  if (isOver(since, limit, now)) return ended(call, failure.problem);
  return {
    call: { ...call, calledAt: since, problem: failure.problem },
    requeueAt: later(nextAttempt(since, now, timeouts.retryMs), failure, now),
  };
}

/** Acknowledged and still running: polled again, unless its time is up. */
export function pending(call: DeployerCall, { timeouts, now }: CallTools): CallStep {
  const since = call.calledAt ?? now;
  if (!isOver(since, timeouts.reportWithinMs, now))
    return { call: { ...call, calledAt: since }, requeueAt: nextAttempt(since, now, timeouts.lookMs) };
  return ended(call, {
    code: "deployer-silent",
    message: `${call.deployer} was called and reported no end within ${durationInWords(timeouts.reportWithinMs)}.`,
    help: `Look at the deployer's own log; its report still counts when it comes. For longer, set deployers.${call.deployer}.timeout in server.yaml.`,
  });
}

/** Ended without the deployer having said how. */
export function ended(call: DeployerCall, problem: Problem): CallStep {
  return {
    call: { ...advance(call, { state: "failed", problem }), ...(call.url ? { url: call.url } : {}) },
  };
}

function later(at: Date, { retryAfterMs = 0 }: RequestFailure, now: Date): Date {
  return new Date(Math.max(at.getTime(), now.getTime() + retryAfterMs));
}
