// One thing that judging a head found out.

import type { SourceLocation } from "../model/problem.ts";

export interface Finding {
  /** `wait`: nothing is wrong, but not yet either; `undecided`: nobody can tell, so that the check neither fails nor succeeds. `note`: said whatever comes of it. */
  readonly level: "failure" | "wait" | "undecided" | "warning" | "fine" | "note";
  /** Plain text, one or two sentences: hostile parts are escaped when it becomes Markdown. */
  readonly sentence: string;
  /** The same as Markdown, where it was that to begin with. */
  readonly markdown?: string;
  /** With its path in the repository. */
  readonly place?: SourceLocation;
  /** When it will be over by itself. */
  readonly until?: Date;
  /** Something did not answer: it has to be asked again, not before that many milliseconds have passed. */
  readonly retryAfterMs?: number;
}
