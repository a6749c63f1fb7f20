// A command as a shell's completion needs it.

export interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its first argument is one of; empty: a file, or anything. */
  readonly choices: readonly string[];
}

interface CompletedOption {
  /** `--chart-version`. */
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** What its value is one of; empty: a file, or anything. */
  readonly choices: readonly string[];
}
