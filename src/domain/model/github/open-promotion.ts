// Pull requests from promotion branches, including those that the config does not ask for any more.

import type { ObservedPullRequest } from "./snapshot.ts";

/** One that is open. */
export interface OpenPromotion {
  /** GraphQL node id. */
  readonly id: string;
  readonly number: number;
  /** The promotion branch, without `refs/heads/`. */
  readonly branch: string;
  readonly baseBranch: string;
  /** Whether the App opened it. */
  readonly byApp: boolean;
  /** Message of the newest commit with the App's trailers; absent when none was read. */
  readonly message?: string;
  /** All changed paths in the repository; empty when they were not read, or are too many. */
  readonly files: readonly string[];
}

/** A closed one with the hold label. */
export type ClosedPromotion = Omit<OpenPromotion, "id"> &
  Pick<ObservedPullRequest, "body" | "comments" | "closedByApp">;
