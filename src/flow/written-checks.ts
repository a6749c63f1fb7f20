// Which checks this process wrote lately. A read may lag behind them, and a check run that says the same a second time would
// stay beside the first.

/** Far more than are written while a read lags. */
const KEPT = 1_000;

interface WrittenCheck {
  /** GitHub's id of the run; a later run has a higher one. */
  readonly id: number;
  /** What it says: `CheckRun.externalId`. */
  readonly externalId: string;
}

export class WrittenChecks {
  /** Oldest first. */
  readonly #written = new Map<string, WrittenCheck>();

  add(repositoryId: number, sha: string, check: WrittenCheck): void {
    const key = `${repositoryId} ${sha}`;
    this.#written.delete(key);
    this.#written.set(key, check);
    const [oldest] = this.#written.keys();
    if (this.#written.size > KEPT && oldest !== undefined) this.#written.delete(oldest);
  }

  /** The newest check on this commit: what was read, unless this process wrote one after it. */
  newest<Seen extends WrittenCheck>(
    repositoryId: number,
    sha: string,
    seen: Seen | undefined,
  ): Seen | WrittenCheck | undefined {
    const written = this.#written.get(`${repositoryId} ${sha}`);
    return written && written.id > (seen?.id ?? 0) ? written : seen;
  }
}
