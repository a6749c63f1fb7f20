// Which checks this process wrote lately. A read may lag behind them, and a check run that says the same a second time would
// stay beside the first.

/** Far more than are written while a read lags. */
const KEPT = 1_000;

export class WrittenChecks {
  /** Oldest first. */
  readonly #written = new Map<string, string>();

  /** Whether the last check written on this commit has this fingerprint. */
  has(repositoryId: number, sha: string, fingerprint: string): boolean {
    return this.#written.get(`${repositoryId} ${sha}`) === fingerprint;
  }

  add(repositoryId: number, sha: string, fingerprint: string): void {
    const key = `${repositoryId} ${sha}`;
    this.#written.delete(key);
    this.#written.set(key, fingerprint);
    const [oldest] = this.#written.keys();
    if (this.#written.size > KEPT && oldest !== undefined) this.#written.delete(oldest);
  }
}
