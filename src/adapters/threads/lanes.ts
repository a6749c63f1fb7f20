// Scheduling for work of unknown duration: everything starts in the quick lane with a second or two, and what is not
// done by then continues in the slow lane. A flow with only slow work then waits for itself, and not the others for it.

import { setTimeout as sleep } from "node:timers/promises";
import { FairSeats, type SeatLimits } from "./fair-seats.ts";

export interface LaneOptions {
  readonly quick: SeatLimits;
  readonly slow: SeatLimits;
  /** How long work may stay in the quick lane, in milliseconds. */
  readonly quickMs: number;
}

/** Work that can be cancelled. */
export interface Running<Value> {
  readonly result: Promise<Value>;
  /** Resolves when it has stopped completely; `result` is ignored then. */
  readonly stop: () => Promise<void>;
}

export interface Work<Value> {
  /** All flows that the work is charged to: each has few seats in each lane. */
  readonly flows: readonly string[];
  /** For one attempt, in milliseconds. */
  readonly deadlineMs: number;
  /**
   * Resolves when the work has started; that time does not count. Called again, from the start, when the slow lane had
   * no free seat to continue.
   */
  readonly start: () => Promise<Running<Value>>;
}

export type Outcome<Value> =
  | { readonly kind: "done"; readonly value: Value }
  /** It was stopped at its deadline. */
  | { readonly kind: "too-slow" };

export class Lanes {
  readonly #quick: FairSeats;
  readonly #slow: FairSeats;
  readonly #quickMs: number;

  constructor({ quick, slow, quickMs }: LaneOptions) {
    this.#quick = new FairSeats(quick);
    this.#slow = new FairSeats(slow);
    this.#quickMs = quickMs;
  }

  async run<Value>(work: Work<Value>): Promise<Outcome<Value>> {
    const leaveQuick = await this.#quick.take(work.flows);
    try {
      const running = await work.start();
      const quick = await within(running, Math.min(this.#quickMs, work.deadlineMs));
      if (quick.kind === "done") return quick;
      const leaveSlow = work.deadlineMs > this.#quickMs ? this.#slow.tryTake(work.flows) : undefined;
      if (leaveSlow !== undefined) {
        leaveQuick();
        return await finish(running, work.deadlineMs - this.#quickMs).finally(leaveSlow);
      }
      await running.stop();
    } finally {
      leaveQuick();
    }
    return work.deadlineMs > this.#quickMs ? this.#retry(work) : { kind: "too-slow" };
  }

  async #retry<Value>(work: Work<Value>): Promise<Outcome<Value>> {
    const leave = await this.#slow.take(work.flows);
    try {
      return await finish(await work.start(), work.deadlineMs);
    } finally {
      leave();
    }
  }
}

async function finish<Value>(running: Running<Value>, ms: number): Promise<Outcome<Value>> {
  const outcome = await within(running, ms);
  if (outcome.kind === "too-slow") await running.stop();
  return outcome;
}

async function within<Value>({ result }: Running<Value>, ms: number): Promise<Outcome<Value>> {
  const timer = new AbortController();
  const late = sleep(ms, { kind: "too-slow" } as const, { signal: timer.signal, ref: false });
  late.catch(() => undefined);
  try {
    return await Promise.race([result.then((value) => ({ kind: "done", value }) as const), late]);
  } finally {
    timer.abort();
  }
}
