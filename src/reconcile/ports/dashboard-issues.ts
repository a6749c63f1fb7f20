// The record of a config repository's dashboard issue.

import type { TickOutcome } from "../../domain/model/github/tick-box.ts";

export interface DashboardRecord {
  /** Issue number; absent until it is known. */
  readonly number?: number;
  /** SHA-256 of the text written last; empty when it is unknown. */
  readonly tells: string;
  readonly writtenAt: Date;
  /** How many edits or ticks have made a read of the issue necessary. */
  readonly edits: number;
  /** The value of `edits` at the last read. */
  readonly seenEdits: number;
  /** Round of the tick boxes: a new one begins with each outcome. */
  readonly round: number;
  /** Outcomes of ticks, newest first. */
  readonly outcomes: readonly TickOutcome[];
}

export interface DashboardIssues {
  get(repositoryId: number): Promise<DashboardRecord | undefined>;
  /** Records that the issue may exist, with boxes of this round; does nothing when it is recorded already. */
  begin(repositoryId: number, round: number): Promise<void>;
  noteWritten(
    repositoryId: number,
    written: Pick<DashboardRecord, "number" | "tells" | "writtenAt" | "seenEdits">,
  ): Promise<void>;
  /** Counts an edit: the issue has to be read even if its recorded text is up to date. */
  edited(repositoryId: number): Promise<void>;
  /** Adds an outcome and begins a new round; a known outcome changes nothing. */
  answered(repositoryId: number, outcome: TickOutcome): Promise<void>;
  forget(repositoryId: number): Promise<void>;
}
