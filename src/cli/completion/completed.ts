// A command's description for shell completion.

export interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Choices of its first argument; empty: a file, or anything. */
  readonly choices: readonly string[];
}

interface CompletedOption {
  /** `--chart-version`. */
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** Choices of its value; empty: a file, or anything. */
  readonly choices: readonly string[];
}
