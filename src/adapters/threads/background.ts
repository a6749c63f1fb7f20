// Long computations that outlive their first caller: a later call with the same key gets the result when it is done.

import { setTimeout as sleep } from "node:timers/promises";

/** Results that were never fetched are dropped, the oldest first. */
const KEPT = 100;

interface Begun<Value> {
  readonly work: Promise<Value>;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

export class Background<Value> {
  readonly #begun = new Map<string, Begun<Value>>();

  /** `undefined` when it is not done `ms` after it was started, by whichever caller. */
  async within(key: string, ms: number, start: () => Promise<Value>): Promise<Value | undefined> {
    const begun = this.#begun.get(key) ?? this.#begin(key, start);
    const late = new AbortController();
    try {
      const done = begun.work.then((value) => ({ value }));
      const left = Math.max(0, begun.at + ms - performance.now());
      const first = await Promise.race([done, until(left, late.signal)]);
      if (first) this.#forget(key, begun);
      return first?.value;
    } catch (error) {
      this.#forget(key, begun);
      throw error;
    } finally {
      late.abort();
    }
  }

  #begin(key: string, start: () => Promise<Value>): Begun<Value> {
    const begun = { work: start(), at: performance.now() };
    begun.work.catch(() => undefined);
    this.#begun.set(key, begun);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > KEPT && oldest !== undefined) this.#begun.delete(oldest);
    return begun;
  }

  /** Unless it was restarted meanwhile. */
  #forget(key: string, begun: Begun<Value>): void {
    if (this.#begun.get(key) === begun) this.#begun.delete(key);
  }
}

async function until(ms: number, signal: AbortSignal): Promise<undefined> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
