// Which checks this process wrote lately. A read may lag behind them, and a check run that says the same a second time would
// stay beside the first.

import type { WrittenCheck, WrittenChecks } from "../ports/github/check-run-github.ts";

/** Far more than are written while a read lags. */
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
