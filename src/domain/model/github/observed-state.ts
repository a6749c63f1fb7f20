// The observed state of a config repository: the query to GitHub, and the answer.

import type { NodeIds } from "../draft.ts";
import type { ClosedPromotion, OpenPromotion } from "./open-promotion.ts";
import type { ConfigRepository } from "./repository.ts";
import type { Snapshot } from "./snapshot.ts";

export interface EnvironmentQuery {
  readonly name: string;
  /** Folder in the repository, "" for its root. */
  readonly path: string;
  readonly branch: string;
  /** Files to read, relative to the folder. */
  readonly files: readonly string[];
  /** Promotion branches to observe, without `refs/heads/`. */
  readonly branches: readonly string[];
  /** Names of labels and users to resolve to node ids, for a pull request that may be opened. */
  readonly names?: NamesQuery;
}

/** Further parts of the query. */
export interface StateQuery {
  readonly environments: readonly EnvironmentQuery[];
  /** Whether to list open pull requests from promotion branches, and to count pull requests and issues. */
  readonly openPromotions?: boolean;
  /** Whether to list the App's closed pull requests that have the hold label. */
  readonly heldPromotions?: boolean;
}

type Named = Pick<ConfigRepository, "id" | "owner" | "name">;

/** One repository in a bulk read. */
export interface ManyQuery {
  readonly repository: Named;
  readonly environments: readonly EnvironmentQuery[];
}

/** One repository in a bulk glance. */
export interface GlanceQuery {
  readonly repository: Named;
  /** Branches of its environments. */
  readonly branches: readonly string[];
  /** The repository whose defaults its config file extends. */
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

/** GitHub left something of it out of its answers twice; or its files are larger than one answer may be. */
export type WhyUnreadable = "left-out" | "too-large";

export interface ObservedState {
  /** Node id, for mutations. */
  readonly nodeId: string;
  readonly nameWithOwner: string;
  readonly archived: boolean;
  readonly autoMergeAllowed: boolean;
  readonly defaultBranch?: string;
  /** Head commit of the default branch. */
  readonly defaultHead?: string;
  readonly config?: { readonly oid: string; readonly text: string };
  /** By environment; one whose branch does not exist is missing. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** Environments that are missing because they cannot be read, by name. */
  readonly unreadable?: ReadonlyMap<string, WhyUnreadable>;
  /** Every open pull request from a promotion branch; absent unless queried. */
  readonly openPromotions?: readonly OpenPromotion[];
  /** The newest of the App's closed pull requests with the hold label; absent unless queried. */
  readonly heldPromotions?: readonly ClosedPromotion[];
  /** Counts of pull requests and issues; absent unless `openPromotions` was queried. */
  readonly counts?: RepositoryCounts | undefined;
  /** Node ids of the queried names. */
  readonly ids: NodeIds;
}
