// The result of planning: which publishes change which entries, and why; or why nothing changes.

import type { Problem } from "./problem.ts";
import type { PromotionState, Publish } from "./publish.ts";
import type { ArchiveSwap, Edit } from "./umbrella.ts";

/** The version change of one dependency. */
export interface Move {
  readonly chart: string;
  /** The version on the base branch; empty for a range without a lock. */
  readonly from: string;
  readonly to: string;
  readonly publish: Publish;
  /**
   * Entries of the chart whose versions differ from `from` and `to`, including those that stay; absent when there are
   * none.
   */
  readonly apart?: readonly EntryMove[];
  /** Who requested it by name although it waits for an impossible condition, and that condition. */
  readonly override?: { readonly by: string; readonly because: string };
}

/** The version change of one entry; `from` and `to` are the same if it stays. */
export interface EntryMove {
  /** Its alias, or its name. */
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

export interface Change {
  readonly kind: "change";
  readonly environment: string;
  /** The promotion branch, without `refs/heads/`. */
  readonly branch: string;
  readonly moves: readonly [Move, ...Move[]];
  /** Paths relative to the environment's folder. */
  readonly edits: readonly Edit[];
  readonly archives: readonly ArchiveSwap[];
  readonly notes: readonly string[];
  readonly because: string;
  /** Set by a rollback, by chart: the version that it takes back. */
  readonly rolledBackFrom?: ReadonlyMap<string, string>;
}

/** Nothing changes on this branch. */
export interface Unchanged {
  readonly kind: "unchanged";
  readonly environment: string;
  readonly branch: string;
  readonly because: string;
  /** The open pull request of the branch is obsolete: the base already has its versions. */
  readonly obsolete: boolean;
  /**
   * Why the open pull request has to be withdrawn to free the branch for another version: the policy excludes its
   * version.
   */
  readonly withdraws?: string;
}

export interface Refused {
  readonly kind: "refused";
  readonly environment: string;
  readonly branch: string;
  readonly because: string;
  readonly problems: readonly Problem[];
}

export type Plan = Change | Unchanged | Refused;

/** The plan's result for one publish in one environment, before GitHub is changed. */
export interface Verdict {
  readonly publishId: string;
  readonly environment: string;
  readonly state: Extract<
    PromotionState,
    "proposed" | "unchanged" | "waiting" | "refused" | "declined" | "superseded"
  >;
  readonly because: string;
  /** The base branch has this version, or one of the same precedence. */
  readonly isOnBase?: true;
  /** The branch of its pull request, when it is proposed. */
  readonly branch?: string;
  /** When the wait ends, if nothing happens; it is then planned again. */
  readonly until?: Date;
  /** The condition that it waits for cannot be met as things are. */
  readonly never?: true;
}
