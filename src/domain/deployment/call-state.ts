// State transitions of one deployer's call, in short steps, so that no worker waits while a deployer works.

import { durationInWords } from "../model/config/duration.ts";
import type { DeployerCall } from "../model/deployment.ts";
import type { Problem } from "../model/problem.ts";
import { type DeployerTimeouts, isOver, nextAttempt } from "./timeouts.ts";

/** The call's next state, and when its next step is due; without `requeueAt` there is none. */
export interface CallStep {
  readonly call: DeployerCall;
  readonly requeueAt?: Date;
}

/** Why a request to a deployer failed. */
export interface RequestFailure {
  readonly kind: "refused" | "unreachable";
  readonly problem: Problem;
  /** Whether the request may have had an effect nevertheless. */
  readonly sent: "no" | "perhaps";
  /** HTTP status, if there was a response. */
  readonly status?: number;
  /** Retry-After (RFC 9110 section 10.2.3), capped at an hour. */
  readonly retryAfterMs?: number;
}

export interface CallTools {
  readonly timeouts: DeployerTimeouts;
  /** The instant of this step. */
  readonly now: Date;
  /**
   * Whether the config names the deployer for the environment: then a deployer missing from server.yaml is waited for.
   */
  readonly isNamed?: boolean;
  /**
   * Makes the call's new state durable. Called before a request that may start something; when it returns false, that
   * request is not sent.
   */
  save(call: DeployerCall): Promise<boolean>;
}

type Change = Pick<DeployerCall, "state"> &
  Partial<Pick<DeployerCall, "url" | "calledAt" | "problem" | "log" | "description">>;

/** The call in its next state. Fields of the state before (`url`, `problem` …) are dropped unless given again. */
export function advance(call: DeployerCall, change: Change): DeployerCall {
  const { url: _url, problem: _problem, missingSince: _missing, ...kept } = call;
  return { ...kept, ...change };
}

/** The state that must be durable before the request is sent to the deployer. */
export function aboutToCall(call: DeployerCall, now: Date): DeployerCall {
  const called = advance(call, { state: "called", calledAt: now });
  const first = call.firstCalledAt ?? call.calledAt;
  return first === undefined ? called : { ...called, firstCalledAt: first };
}

/** The call certainly had no effect: repeated with backoff, until its time limit. */
export function calledInVain(call: DeployerCall, { timeouts, now }: CallTools): CallStep {
  const since = call.firstCalledAt ?? call.calledAt ?? now;
  if (isOver(since, timeouts.unreachableForMs, now))
    return ended(call, {
      code: "deployer-unreachable",
      message: [
        `${call.deployer} was called for ${durationInWords(timeouts.unreachableForMs)}, and no call had an effect.`,
        ...(call.problem ? [call.problem.message] : []),
      ].join(" "),
      help: "See why the deployer loses what it is asked for; merging a further change, or /rollback, deploys again.",
    });
  const due = nextAttempt(since, call.missingSince ?? now, timeouts.retryMs);
  if (due > now) return { call, requeueAt: due };
  return { call: advance(call, { state: "waiting" }), requeueAt: now };
}

/** A report arrived meanwhile and takes precedence. */
export function reportedMeanwhile(call: DeployerCall, { now }: CallTools): CallStep {
  return { call, requeueAt: now };
}

/** The request certainly did not arrive: retried until its time limit. */
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

/** The request arrived, or may have, and the deployer cannot be reached now. */
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

/** Acknowledged and still running: polled again until its time limit. */
export function pending(call: DeployerCall, { timeouts, now }: CallTools): CallStep {
  const since = call.calledAt ?? now;
  if (!isOver(since, timeouts.reportWithinMs, now))
    return { call: { ...call, calledAt: since }, requeueAt: nextAttempt(since, now, timeouts.pollMs) };
  return ended(call, {
    code: "deployer-silent",
    message: `${call.deployer} was called and reported no end within ${durationInWords(timeouts.reportWithinMs)}.`,
    help: `Look at the deployer's own log; its report still counts when it comes. For longer, set deployers.${call.deployer}.timeout in server.yaml.`,
  });
}

/** Ended without a result from the deployer. */
export function ended(call: DeployerCall, problem: Problem): CallStep {
  return {
    call: { ...advance(call, { state: "failed", problem }), ...(call.url ? { url: call.url } : {}) },
  };
}

function later(at: Date, { retryAfterMs = 0 }: RequestFailure, now: Date): Date {
  return new Date(Math.max(at.getTime(), now.getTime() + retryAfterMs));
}
