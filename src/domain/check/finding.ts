// One finding of judging a head.

import type { SourceLocation } from "../model/problem.ts";

export interface Finding {
  /**
   * `wait`: not allowed yet, but nothing is wrong; `undecided`: cannot be judged, so the check is neutral. `note`:
   * always shown, without effect on the conclusion.
   */
  readonly level: "failure" | "wait" | "undecided" | "warning" | "fine" | "note";
  /** Plain text, one or two sentences. Untrusted parts are escaped when it is rendered as Markdown. */
  readonly sentence: string;
  /** The same as Markdown, if it was written as that. */
  readonly markdown?: string;
  /** With its path in the repository. */
  readonly place?: SourceLocation;
  /** When the wait ends by itself. */
  readonly until?: Date;
  /** Something did not answer: retry after at least this many milliseconds. */
  readonly retryAfterMs?: number;
}
