// Work of which nobody knows how long it takes: everything begins in the quick lane, where it has a second or two, and what
// is not done by then goes on in the slow lane. So a flow that only sends slow work waits for itself, and nobody else does.

import { setTimeout as sleep } from "node:timers/promises";
import { FairSeats, type SeatLimits } from "./fair-seats.ts";

export interface LaneOptions {
  readonly quick: SeatLimits;
  readonly slow: SeatLimits;
  /** How long work may stay in the quick lane. */
  readonly quickMs: number;
}

/** Work that can be ended from outside. */
export interface Running<Value> {
  readonly result: Promise<Value>;
  /** Resolves when nothing of it runs any more; `result` is of no interest then. */
  readonly stop: () => Promise<void>;
}

export interface Work<Value> {
  /** Everyone whose work it is: each has few seats in each lane. */
  readonly flows: readonly string[];
  /** Of one go, in milliseconds. */
  readonly deadlineMs: number;
  /**
   * Resolves when it has begun: what that takes is not counted, as it says nothing of the work. Asked once more, from the start, when
   * there was no seat in the slow lane to go on.
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
