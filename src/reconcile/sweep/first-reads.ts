// What was read of many repositories at once that were not reconciled yet, until each is: that spares its first reconcile
// the requests. Another process asks for itself.

import type { ObservedState } from "../../domain/model/github/observed-state.ts";

/** The reconcile that it is read for is enqueued at once. */
const KEPT_MS = 5 * 60_000;
const MOST = 2_000;

interface FirstRead {
  readonly at: Date;
  readonly answers: readonly ObservedState[];
}

export class FirstReads {
  readonly #reads = new Map<number, FirstRead>();

  add(repositoryId: number, read: FirstRead): void {
    this.#reads.delete(repositoryId);
    this.#reads.set(repositoryId, read);
    const [oldest] = this.#reads.keys();
    if (this.#reads.size > MOST && oldest !== undefined) this.#reads.delete(oldest);
  }

  /** In the order in which they were read; for one reconcile. */
  take(repositoryId: number, now: Date): readonly ObservedState[] {
    const read = this.#reads.get(repositoryId);
    this.#reads.delete(repositoryId);
    return read && now.getTime() - read.at.getTime() < KEPT_MS ? read.answers : [];
  }
}
