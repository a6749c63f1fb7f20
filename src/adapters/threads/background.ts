// Work that may take longer than anybody waits for it. It goes on, and who asks for the same again gets it when it is done.

import { setTimeout as sleep } from "node:timers/promises";

/** What is done and was never asked for again is dropped, the oldest first. */
const KEPT = 100;

interface Begun<Value> {
  readonly work: Promise<Value>;
  /** By the clock of `performance`, in milliseconds. */
  readonly at: number;
}

export class Background<Value> {
  readonly #begun = new Map<string, Begun<Value>>();

  /** `undefined` when it is not done `ms` after it began, whoever had it begun. */
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

  /** Unless it was begun anew. */
  #forget(key: string, begun: Begun<Value>): void {
    if (this.#begun.get(key) === begun) this.#begun.delete(key);
  }
}

async function until(ms: number, signal: AbortSignal): Promise<undefined> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
