// One thing that judging a head found out.

import type { Place } from "../model/problem.ts";

export interface Finding {
  /** `wait`: nothing is wrong, but not yet either. */
  readonly level: "failure" | "wait" | "warning" | "fine";
  /** Plain text, one or two sentences: hostile parts are escaped when it becomes Markdown. */
  readonly sentence: string;
  /** With its path in the repository. */
  readonly place?: Place;
  /** When it will be over by itself. */
  readonly until?: Date;
  /** Something did not answer: it has to be asked again. */
  readonly retry?: true;
}
