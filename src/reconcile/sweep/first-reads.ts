// Bulk reads of repositories that were not reconciled yet, kept until their first reconcile, which then needs fewer
// requests. In memory only: another process makes its own requests.

import type { ObservedState } from "../../domain/model/github/observed-state.ts";

/** The reconcile that uses it is enqueued at once, so this is long enough. */
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

  /** In the order of reading; can be taken once. */
  take(repositoryId: number, now: Date): readonly ObservedState[] {
    const read = this.#reads.get(repositoryId);
    this.#reads.delete(repositoryId);
    return read && now.getTime() - read.at.getTime() < KEPT_MS ? read.answers : [];
  }
}
