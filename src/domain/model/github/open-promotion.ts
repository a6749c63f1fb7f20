// Pull requests from promotion branches, whatever the config says of them now.

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
  /** Message of the newest commit there whose trailers are the App's word of what it carries; absent where none was read. */
  readonly message?: string;
  /** All paths in the repository that it changes; none where these were not read, or are many. */
  readonly files: readonly string[];
}

/** One that is closed and has the label that holds. */
export type ClosedPromotion = Omit<OpenPromotion, "id"> &
  Pick<ObservedPullRequest, "body" | "comments" | "closedByApp">;
