// What proposing a promotion needs of GitHub's pull requests.

import type { Draft, FileChange, Leftover } from "../../../domain/model/draft.ts";
import type { FileOnBranch, ObservedPullRequest, OwnCommits } from "../../../domain/model/github/snapshot.ts";
import type { Problem } from "../../../domain/model/problem.ts";

export interface PullRequestName {
  /** GraphQL node id. */
  readonly id: string;
  readonly number: number;
  readonly url: string;
}

/** What could not be set on a pull request. */
export interface NotSet extends Problem {
  /** Of the configuration: labels, reviewers or autoMerge; several where they were refused together. */
  readonly key: string;
}

export type Proposed =
  | { readonly kind: "proposed"; readonly pullRequest: PullRequestName }
  /** Part of a mutation document failed; the state on GitHub is unknown until it is read again. */
  | {
      readonly kind: "doubt";
      readonly because: string;
      /** GitHub refused it for a reason that another read does not change, such as a rule for the branch. */
      readonly isRefusal?: true;
    };

/** What proposing needs of GitHub. No method sends anything twice. */
export interface PullRequests {
  open(draft: Draft, replaces: Leftover | undefined): Promise<Proposed>;
  append(draft: Draft, update: Update & { readonly files: readonly FileChange[] }): Promise<Proposed>;
  rebuild(draft: Draft, update: Update): Promise<Proposed>;
}

/** Where one file is looked up: commits by the names they have in `FileOnBranch`. */
export type FileCommits = Readonly<Record<keyof FileOnBranch, string>>;

/** What telling whose a promotion branch is needs of GitHub. */
export interface BranchInspection {
  /** The commits that the head of this branch has and the base has not. */
  ownCommits(query: {
    readonly base: string;
    readonly head: string;
    readonly branch: string;
  }): Promise<OwnCommits>;
  /** Every file that a pull request changes, at these commits; `undefined` where there are too many. */
  filesOnBranch(query: {
    readonly number: number;
    readonly commits: FileCommits;
  }): Promise<readonly FileOnBranch[] | undefined>;
}

export interface Update {
  readonly pullRequest: ObservedPullRequest;
  /** Said once under the pull request, in the same request. */
  readonly comment?: string;
}
