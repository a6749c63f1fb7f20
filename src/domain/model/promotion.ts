// What planning answers: which publishes move what, where, and why; or why nothing moves.

import type { Problem } from "./problem.ts";
import type { PromotionState, Publish } from "./publish.ts";
import type { ArchiveSwap, Edit } from "./umbrella.ts";

/** One dependency moving from one version to another. */
export interface Move {
  readonly chart: string;
  /** The version on the base branch; empty for a range without a lock. */
  readonly from: string;
  readonly to: string;
  readonly publish: Publish;
  /** Entries of the chart that begin or end elsewhere than the others, as those that stay; absent where there are none. */
  readonly apart?: readonly EntryMove[];
  /** Who asked for it by name although it waits for what cannot come, and for what. */
  readonly override?: { readonly by: string; readonly because: string };
}

/** How one entry of a chart moves; `from` and `to` are the same where it stays. */
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
  /** Paths below the environment's folder. */
  readonly edits: readonly Edit[];
  readonly archives: readonly ArchiveSwap[];
  readonly notes: readonly string[];
  readonly because: string;
  /** Set by a rollback, by chart: the version that it takes away. */
  readonly rolledBackFrom?: ReadonlyMap<string, string>;
}

/** Nothing has to move on this branch. */
export interface Unchanged {
  readonly kind: "unchanged";
  readonly environment: string;
  readonly branch: string;
  readonly because: string;
  /** The open pull request of the branch has nothing left to do: the base already has what it proposes. */
  readonly obsolete: boolean;
  /** Why the open pull request is to be withdrawn, so that another version has the branch: the policy keeps out what it proposes. */
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

/** What planning found out about one publish in one environment, before GitHub is changed. */
export interface Verdict {
  readonly publishId: string;
  readonly environment: string;
  readonly state: Extract<
    PromotionState,
    "proposed" | "unchanged" | "waiting" | "refused" | "declined" | "superseded"
  >;
  readonly because: string;
  /** The base branch has it, or one that ranks the same. */
  readonly isOnBase?: true;
  /** The branch whose pull request carries it, when it is proposed. */
  readonly branch?: string;
  /** When what it waits for will be over, if nothing happens: to be planned again then. */
  readonly until?: Date;
  /** What it waits for cannot come, as things are. */
  readonly never?: true;
}
