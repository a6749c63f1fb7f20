// The observed state of a config repository: what is read from GitHub, and the answer.

import type { NodeIds } from "../draft.ts";
import type { ClosedPromotion, OpenPromotion } from "./open-promotion.ts";
import type { ConfigRepository } from "./repository.ts";
import type { Snapshot } from "./snapshot.ts";

export interface EnvironmentQuery {
  readonly name: string;
  /** Folder in the repository, "" for its root. */
  readonly path: string;
  readonly branch: string;
  /** Files to read, below the folder. */
  readonly files: readonly string[];
  /** Promotion branches to observe, without `refs/heads/`. */
  readonly branches: readonly string[];
  /** What a pull request that may be opened there names. */
  readonly names?: NamesQuery;
}

/** What else is read with the environments. */
export interface StateQuery {
  readonly environments: readonly EnvironmentQuery[];
  /** Whether to list the pull requests that are open from promotion branches, and to count what else there is. */
  readonly openPromotions?: boolean;
  /** Whether to list the App's closed pull requests that have the label that holds. */
  readonly heldPromotions?: boolean;
}

type Named = Pick<ConfigRepository, "id" | "owner" | "name">;

/** One of many repositories that are read at once. */
export interface ManyQuery {
  readonly repository: Named;
  readonly environments: readonly EnvironmentQuery[];
}

/** One of many repositories that are glanced at. */
export interface GlanceQuery {
  readonly repository: Named;
  /** Of its environments. */
  readonly branches: readonly string[];
  /** Whose defaults its config file extends. */
  readonly extended?: { readonly owner: string; readonly name: string };
}

export interface NamesQuery {
  readonly labels: readonly string[];
  readonly users: readonly string[];
}

export interface RepositoryCounts {
  readonly openPullRequests: number;
  readonly mergedPullRequests: number;
  readonly openIssues: number;
}

export interface ObservedState {
  /** Node id, for mutations. */
  readonly nodeId: string;
  readonly nameWithOwner: string;
  readonly archived: boolean;
  readonly autoMergeAllowed: boolean;
  readonly defaultBranch?: string;
  /** Commit at the head of the default branch. */
  readonly defaultHead?: string;
  readonly config?: { readonly oid: string; readonly text: string };
  /** By environment; one whose branch does not exist is missing. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** Every pull request that is open from a promotion branch; absent where that was not asked. */
  readonly openPromotions?: readonly OpenPromotion[];
  /** The App's closed pull requests that have the label that holds, the newest of them; absent where that was not asked. */
  readonly heldPromotions?: readonly ClosedPromotion[];
  /** What there is to be listed; absent where the open promotions were not asked for. */
  readonly counts?: RepositoryCounts | undefined;
  /** Of the names asked for. */
  readonly ids: NodeIds;
}
