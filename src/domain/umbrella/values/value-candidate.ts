import type { Splice } from "../yaml/splice.ts";

/** A way to write a value, not proved yet. */
export interface ValueCandidate {
  readonly splices: readonly Splice[];
  /** What a reviewer should know about this way, one sentence each. */
  readonly notes: readonly string[];
}
