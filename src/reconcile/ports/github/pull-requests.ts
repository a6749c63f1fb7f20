// What proposing a promotion needs of GitHub's pull request API.

import type { Draft, FileChange, Leftover } from "../../../domain/model/draft.ts";
import type { FileOnBranch, ObservedPullRequest, OwnCommits } from "../../../domain/model/github/snapshot.ts";
import type { Problem } from "../../../domain/model/problem.ts";

export interface PullRequestName {
  /** GraphQL node id. */
  readonly id: string;
  readonly number: number;
  readonly url: string;
}

/** A label, reviewer or auto-merge that could not be set on a pull request. */
export interface NotSet extends Problem {
  /** Key of the config: labels, reviewers or autoMerge; several when they were refused together. */
  readonly key: string;
}

export type Proposed =
  | { readonly kind: "proposed"; readonly pullRequest: PullRequestName }
  /** Part of a mutation document failed; the state on GitHub is unknown until it is read again. */
  | {
      readonly kind: "doubt";
      readonly because: string;
      /** GitHub refused it for a reason that another read does not change, such as a branch protection rule. */
      readonly isRefusal?: true;
    };

/** What proposing needs of GitHub. No method sends anything twice. */
export interface PullRequests {
  open(draft: Draft, replaces: Leftover | undefined): Promise<Proposed>;
  append(draft: Draft, update: Update & { readonly files: readonly FileChange[] }): Promise<Proposed>;
  rebuild(draft: Draft, update: Update): Promise<Proposed>;
}

/** The commits of `FileOnBranch` at which one file is looked up. */
export type FileCommits = Readonly<Record<keyof FileOnBranch, string>>;

/** What finding out whose commits are on a promotion branch needs of GitHub. */
export interface BranchInspection {
  /** Commits that are reachable from the head of this branch and not from the base. */
  ownCommits(query: {
    readonly base: string;
    readonly head: string;
    readonly branch: string;
  }): Promise<OwnCommits>;
  /** Whether a branch contains all of these commits. One request. */
  branchContains(query: { readonly branch: string; readonly commits: readonly string[] }): Promise<boolean>;
  /** Every file that a pull request changes, at these commits; `undefined` when there are too many. */
  filesOnBranch(query: {
    readonly number: number;
    readonly commits: FileCommits;
  }): Promise<readonly FileOnBranch[] | undefined>;
}

export interface Update {
  readonly pullRequest: ObservedPullRequest;
  /** A comment to add to the pull request in the same request. */
  readonly comment?: string;
}
