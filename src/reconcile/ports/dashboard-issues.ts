// What is remembered of the dashboard issue of a config repository.

import type { TickOutcome } from "../../domain/model/github/tick-box.ts";

export interface DashboardRecord {
  /** Of the issue, as far as it is known. */
  readonly number?: number;
  /** Digest of the text that was written last; empty before any was. */
  readonly tells: string;
  readonly writtenAt: Date;
  /** How often there was a reason to read it. */
  readonly edits: number;
  /** How many of those it was read for. */
  readonly seenEdits: number;
  /** Of the boxes. */
  readonly round: number;
  /** What came of ticks, newest first. */
  readonly outcomes: readonly TickOutcome[];
}

export interface DashboardIssues {
  get(repositoryId: number): Promise<DashboardRecord | undefined>;
  /** Puts down that there may be one, with boxes of this round; does nothing where that is known. */
  begin(repositoryId: number, round: number): Promise<void>;
  noteWritten(
    repositoryId: number,
    written: Pick<DashboardRecord, "number" | "tells" | "writtenAt" | "seenEdits">,
  ): Promise<void>;
  /** There is a reason to read it, whatever it tells. */
  edited(repositoryId: number): Promise<void>;
  /** Remembers the newest outcomes, and begins another round; an outcome that is known changes nothing. */
  answered(repositoryId: number, outcome: TickOutcome): Promise<void>;
  forget(repositoryId: number): Promise<void>;
}
