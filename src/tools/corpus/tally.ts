// Counts outcomes and prints them as a table.

export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #wrong: string[] = [];

  count(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  wrong(where: string, faults: readonly string[]): void {
    this.count("wrong");
    this.#wrong.push(`${where}: ${faults.join("; ")}`);
  }

  /** How many outcomes have this prefix. */
  counted(beginning: string): number {
    return [...this.#counts].reduce(
      (sum, [outcome, count]) => (outcome.startsWith(beginning) ? sum + count : sum),
      0,
    );
  }

  get wrongs(): readonly string[] {
    return this.#wrong;
  }

  /** One line for each outcome, most frequent first; `wrong` always last. */
  table(title: string): string {
    const rows = [...this.#counts].filter(([outcome]) => outcome !== "wrong").sort((a, b) => b[1] - a[1]);
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const lines = [...rows, ["wrong", this.#wrong.length] as const].map(
      ([outcome, count]) => `  ${String(count).padStart(6)}  ${outcome}`,
    );
    return [`${title} (${total})`, ...lines].join("\n");
  }
}
