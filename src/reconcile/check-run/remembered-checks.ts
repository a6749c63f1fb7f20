// The check runs that this process wrote lately. A read replica may not show them yet, and the same run would then be
// written a second time beside the first.

import type { WrittenCheck, WrittenChecks } from "../ports/github/check-run-github.ts";

/** Far more than are written during any replica lag. */
const KEPT = 1_000;

export class RememberedChecks implements WrittenChecks {
  /** Oldest first. */
  readonly #written = new Map<string, WrittenCheck>();

  add(repositoryId: number, sha: string, check: WrittenCheck): void {
    const key = `${repositoryId} ${sha}`;
    this.#written.delete(key);
    this.#written.set(key, check);
    const [oldest] = this.#written.keys();
    if (this.#written.size > KEPT && oldest !== undefined) this.#written.delete(oldest);
  }

  newest<Seen extends WrittenCheck>(
    repositoryId: number,
    sha: string,
    seen: Seen | undefined,
  ): Seen | WrittenCheck | undefined {
    const written = this.#written.get(`${repositoryId} ${sha}`);
    return written && written.id > (seen?.id ?? 0) ? written : seen;
  }
}
