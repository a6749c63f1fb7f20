// One call to one deployer, taken one short step at a time, so that no worker waits while a deployer works.

import type { DeployerCall } from "../model/deployment.ts";
import type { Problem } from "../model/problem.ts";
import type { Exchange } from "./exchange.ts";
import type { Setback } from "./judge.ts";
import { isOver, nextLook, type Patience } from "./patience.ts";

/** What became of the call, and when to take the next step; no `again` once the call has ended. */
export interface Step {
  readonly call: DeployerCall;
  readonly again?: Date;
}

export interface Tools {
  readonly exchange: Exchange;
  readonly patience: Patience;
  /** The instant of this step. */
  readonly now: Date;
  /** Makes the call's new state durable: done before a request that may start something, which is not made when it is false. */
  save(call: DeployerCall): Promise<boolean>;
}

type Change = Pick<DeployerCall, "state"> &
  Partial<Pick<DeployerCall, "url" | "calledAt" | "problem" | "log" | "description">>;

/** The call in its next state. `url` and `problem` belong to a state and are dropped unless given anew. */
export function advance(call: DeployerCall, change: Change): DeployerCall {
  const { url: _url, problem: _problem, ...kept } = call;
  return { ...kept, ...change };
}

/** As it must stand on disk before the request that tells the deployer goes out. */
export function aboutToCall(call: DeployerCall, now: Date): DeployerCall {
  return advance(call, { state: "called", calledAt: now });
}

/** A report came in, which is looked at before anything else is done. */
export function reportedMeanwhile(call: DeployerCall, { now }: Tools): Step {
  return { call, again: now };
}

/** Certainly not told: to be tried again, unless it was tried for too long. */
export function notTold(call: DeployerCall, setback: Setback, { patience, now }: Tools): Step {
  const since = call.calledAt ?? now;
  const limit = setback.kind === "refused" ? patience.refusedForMs : patience.unreachableForMs;
  if (isOver(since, limit, now)) return ended(call, setback.problem);
  return {
    call: advance(call, { state: "waiting", calledAt: since, problem: setback.problem }),
    again: later(nextLook(since, now, patience.retryMs), setback, now),
  };
}

/** Told, or perhaps told, and no news to be had at the moment. */
export function noNews(call: DeployerCall, setback: Setback, { patience, now }: Tools): Step {
  const since = call.calledAt ?? now;
  const limit = setback.kind === "refused" ? patience.reportWithinMs : patience.unreachableForMs;
  if (isOver(since, limit, now)) return ended(call, setback.problem);
  return {
    call: { ...call, calledAt: since, problem: setback.problem },
    again: later(nextLook(since, now, patience.retryMs), setback, now),
  };
}

/** Told and still at it: looked at again, unless it has had its time. */
export function pending(call: DeployerCall, { patience, now }: Tools): Step {
  const since = call.calledAt ?? now;
  if (!isOver(since, patience.reportWithinMs, now))
    return { call: { ...call, calledAt: since }, again: nextLook(since, now, patience.lookMs) };
  return ended(call, {
    code: "deployer-silent",
    message: `${call.deployer} was called and reported no end within ${Math.round(patience.reportWithinMs / 60_000)} minutes.`,
    help: "Look at the deployer's own log; its report still counts when it comes.",
  });
}

/** Ended without the deployer having said how. */
export function ended(call: DeployerCall, problem: Problem): Step {
  return {
    call: { ...advance(call, { state: "failed", problem }), ...(call.url ? { url: call.url } : {}) },
  };
}

function later(at: Date, { retryAfterMs = 0 }: Setback, now: Date): Date {
  return new Date(Math.max(at.getTime(), now.getTime() + retryAfterMs));
}
