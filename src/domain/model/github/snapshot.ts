// One environment, read at one commit, with its promotion branches and pull requests.

import type { LabelEvent } from "./guarded-labels.ts";

/** A Git blob. `text` is absent when it is not UTF-8 text. */
export interface BlobFile {
  readonly oid: string;
  /** Its size in bytes, when GitHub truncated its text, which is then absent as well. */
  readonly truncated?: number;
  /** Git's file mode as a number: 0o100644, 0o100755, 0o120000 (symbolic link). */
  readonly mode: number;
  readonly text?: string;
}

export interface Commit {
  readonly oid: string;
  /** Empty when it is not sealed: messages by others are not used, and may be of any length. */
  readonly message: string;
  /**
   * Whether GitHub's signature says that it is the App's. GitHub also signs a squash of the App's pull request like
   * that, with a message and files of somebody else's choice.
   */
  readonly byApp: boolean;
  /** Whether the message has the App's seal for the branch that it was read from. */
  readonly sealed: boolean;
  readonly authorName: string;
  /** Several for a merge; absent when they were not read. */
  readonly parents?: readonly string[];
  /** Git's tree id. */
  readonly tree: string;
}

export interface Comment {
  /** GraphQL node id. */
  readonly id: string;
  /** Whether the App wrote it. */
  readonly byApp: boolean;
  readonly body: string;
}

export interface ObservedPullRequest {
  /** GraphQL node id. */
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed" | "merged";
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly baseBranch: string;
  /** Whether the base branch was deleted or renamed. */
  readonly baseIsGone: boolean;
  /** Absent unless it was merged. */
  readonly mergedAt?: Date;
  readonly headOid: string;
  /** Label names. */
  readonly labels: readonly string[];
  /** Whether the App opened it. */
  readonly byApp: boolean;
  /** Whether the App closed it (the last time). */
  readonly closedByApp: boolean;
  /** Whether it was closed (the last time) because its base branch was deleted. */
  readonly closedWithBase: boolean;
  readonly inMergeQueue: boolean;
  readonly autoMerge: boolean;
  /** Its newest commits, oldest first. */
  readonly commits: readonly Commit[];
  /** How many commits it has in all. */
  readonly commitCount: number;
  /** Blob ids at the parent of its first commit, by path relative to the environment's folder. */
  readonly fork: ReadonlyMap<string, string>;
  /** Tree id of that parent; absent when there is none. */
  readonly forkTree?: string;
  /**
   * Base commits that the branch is built on. Set when the base was forced since the branch began: it may have lost
   * them.
   */
  readonly standsOn?: readonly string[];
  /** The newest comments, oldest first. */
  readonly comments: readonly Comment[];
  readonly guardedLabels: GuardedLabelChanges;
}

/** Recent changes of the guarded labels on it. */
export interface GuardedLabelChanges {
  /** The last event of each label, as far as the newest timeline items show. */
  readonly last: ReadonlyMap<string, LabelEvent>;
  /** Events before this time may be missing; absent when the whole timeline was read. */
  readonly completeSince?: Date;
}

/** The commits of a branch that its base does not have. */
export interface OwnCommits {
  /** Oldest first; only the newest when not all were read. */
  readonly commits: readonly Commit[];
  readonly isComplete: boolean;
  /** Whether people's merges among them add nothing to what the App's commits put on the branch. */
  readonly mergesAddNothing?: boolean;
}

/** One file that the branch changes against its base; a version is absent where the file does not exist. */
export interface FileOnBranch {
  /** At the commit that the branch started from. */
  readonly fork?: FileState;
  /** At the App's last commit. */
  readonly app?: FileState;
  /** On the base, as far as it was merged into the branch. */
  readonly base?: FileState;
  /** At the head of the branch. */
  readonly head?: FileState;
}

interface FileState {
  readonly oid: string;
  /** Absent for a binary file. */
  readonly text?: string;
}

/** A promotion branch, existing or not, and all pull requests that ever came from it. */
export interface ObservedBranch {
  /** Without `refs/heads/`. */
  readonly name: string;
  readonly head?: {
    readonly oid: string;
    /** Blob ids at the head, by path relative to the environment's folder. */
    readonly blobs: ReadonlyMap<string, string>;
    /** Texts of the lock files at the head. */
    readonly locks: ReadonlyMap<string, string>;
  };
  /** From this repository (not from forks), newest first. */
  readonly pullRequests: readonly ObservedPullRequest[];
}

export interface Snapshot {
  readonly environment: string;
  /** Head commit of the environment's branch. */
  readonly base: string;
  /** The queried files that exist, by path relative to the environment's folder. */
  readonly files: ReadonlyMap<string, BlobFile>;
  /** Paths of the files in `charts/`, relative to the environment's folder. */
  readonly vendored: readonly string[];
  readonly branches: ReadonlyMap<string, ObservedBranch>;
}
