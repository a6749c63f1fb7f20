import type { Splice } from "../yaml/splice.ts";

/** A possible edit that writes a value, not proved yet. */
export interface ValueCandidate {
  readonly splices: readonly Splice[];
  /** Notes for the reviewer about this edit, one sentence each. */
  readonly notes: readonly string[];
}
