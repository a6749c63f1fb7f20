// One environment, read at one commit, with the promotion branches and pull requests that stand beside it.

import type { LabelEvent } from "./guarded-labels.ts";

/** A file as git has it. `text` is absent when it is not UTF-8 text. */
export interface BlobFile {
  readonly oid: string;
  /** How many bytes it has, where the answer it came in cut its text, which is then absent too. */
  readonly truncated?: number;
  /** Git's file mode as a number: 0o100644, 0o100755, 0o120000 (symbolic link). */
  readonly mode: number;
  readonly text?: string;
}

export interface Commit {
  readonly oid: string;
  /** Empty where it is not sealed: nobody goes by what others write, however long it is. */
  readonly message: string;
  /**
   * Whether it is the App's, as GitHub's own signature says. Who squashes the App's pull request has GitHub sign a message and files of
   * their own choice so.
   */
  readonly byApp: boolean;
  /** Whether its message is what the App wrote for the branch it was read of. */
  readonly sealed: boolean;
  readonly authorName: string;
  /** More than one of a merge; absent where they were not read. */
  readonly parents?: readonly string[];
  /** Git's tree id. */
  readonly tree: string;
}

export interface Comment {
  /** GraphQL node id. */
  readonly id: string;
  /** Whether the App itself wrote it. */
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
  /** Whether there is no branch of that name any more. */
  readonly baseIsGone: boolean;
  /** Absent unless it was merged. */
  readonly mergedAt?: Date;
  readonly headOid: string;
  /** Names, as they are on GitHub. */
  readonly labels: readonly string[];
  /** Whether the App opened it. */
  readonly byApp: boolean;
  /** Whether it was the App that closed it last. */
  readonly closedByApp: boolean;
  /** Whether it was closed last because its base branch was deleted. */
  readonly closedWithBase: boolean;
  readonly inMergeQueue: boolean;
  readonly autoMerge: boolean;
  /** Its newest commits, oldest first. */
  readonly commits: readonly Commit[];
  /** How many commits it has in all. */
  readonly commitCount: number;
  /** Blob ids at the commit that its first commit stands on, by path below the environment's folder. */
  readonly fork: ReadonlyMap<string, string>;
  /** Tree id of that commit; absent where there is none. */
  readonly forkTree?: string;
  /** The newest comments, oldest first. */
  readonly comments: readonly Comment[];
  readonly guardedLabels: GuardedLabelChanges;
}

/** What became of the labels on it that people with write access change only. */
export interface GuardedLabelChanges {
  /** The last event of each label, as far as the newest items of its timeline show. */
  readonly last: ReadonlyMap<string, LabelEvent>;
  /** Before then there may be others; absent where its whole timeline was read. */
  readonly completeSince?: Date;
}

/** The commits that a branch has and its base has not. */
export interface OwnCommits {
  /** Oldest first; the newest where not all were read. */
  readonly commits: readonly Commit[];
  readonly isComplete: boolean;
  /** Whether what the merges among them that people made leave on the branch is no more than the App's commits put there. */
  readonly mergesAddNothing?: boolean;
}

/** One file that the branch changes of its base: git's blob id and the text; absent where there is no such file. */
export interface FileOnBranch {
  /** At the commit that the branch began at. */
  readonly fork?: FileState;
  /** As the App's last commit left it. */
  readonly app?: FileState;
  /** On the base, as far as it was merged in. */
  readonly base?: FileState;
  /** At the head of the branch. */
  readonly head?: FileState;
}

interface FileState {
  readonly oid: string;
  /** Absent for what is no text. */
  readonly text?: string;
}

/** A promotion branch, whether it exists or not, and the pull requests that ever came from it. */
export interface ObservedBranch {
  /** Without `refs/heads/`. */
  readonly name: string;
  readonly head?: {
    readonly oid: string;
    /** Blob ids at the head, by path below the environment's folder. */
    readonly blobs: ReadonlyMap<string, string>;
    /** Texts of the lock files there. */
    readonly locks: ReadonlyMap<string, string>;
  };
  /** From this repository (not from forks), newest first. */
  readonly pullRequests: readonly ObservedPullRequest[];
}

export interface Snapshot {
  readonly environment: string;
  /** Commit at the head of the environment's branch. */
  readonly base: string;
  /** Every file that was asked for and is there, by path below the environment's folder. */
  readonly files: ReadonlyMap<string, BlobFile>;
  /** Paths below `charts/` in the environment's folder. */
  readonly vendored: readonly string[];
  readonly branches: ReadonlyMap<string, ObservedBranch>;
}
