// A pull request's head as the check sees it: what is asked of GitHub about it, what GitHub shows, and what is said there.

import type { Files } from "../umbrella.ts";
import type { Commit } from "./snapshot.ts";

export interface PullRequestQuery {
  readonly number: number;
  readonly environments: readonly {
    readonly name: string;
    /** Folder in the repository, "" for its root. */
    readonly path: string;
    /** Files to read, below the folder. */
    readonly files: readonly string[];
  }[];
  /** A merge queue's group in place of the pull request's own head. */
  readonly group?: { readonly headSha: string; readonly baseSha: string };
}

export interface CheckedPullRequest {
  /** GraphQL node id. */
  readonly id: string;
  readonly number: number;
  readonly state: "open" | "closed" | "merged";
  /** Whether the App opened it. */
  readonly byApp: boolean;
  readonly inMergeQueue: boolean;
  readonly baseBranch: string;
  /** Commit at the head of the base branch, or under a merge queue's group. */
  readonly baseSha?: string;
  readonly headBranch: string;
  /** Whether its head is in another repository. */
  readonly isFork: boolean;
  readonly headSha: string;
  readonly labels: readonly string[];
  /** Paths in the repository that it changes, as far as GitHub lists them. */
  readonly files: readonly string[];
  /** Names of the environments whose folders it changes, where GitHub does not list all of its files; absent where it does. */
  readonly unlistedIn?: readonly string[];
  /** Of these, the symbolic links and submodules that it puts in the place of a text that is read, or of a folder. */
  readonly links: readonly string[];
  /** Its newest commits, oldest first. */
  readonly commits: readonly Commit[];
  readonly commitCount: number;
  /** By environment. */
  readonly texts: ReadonlyMap<string, EnvironmentTexts>;
  /** By environment: Git's blob ids of the files in its `charts/` at the head, by name; "" for what is no regular file. */
  readonly archives: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The App's newest check run on that head. */
  readonly check?: ObservedCheckRun;
  /** The same on the pull request's own head, which is another one than a merge queue's group. */
  readonly ownCheck?: ObservedCheckRun;
}

/** The texts of an environment's folder, by path below it. */
export interface EnvironmentTexts {
  /** Where the pull request began: at the newest commit that it shares with its base. */
  readonly fork: Files;
  /** At the head of the base branch, now. */
  readonly base: Files;
  readonly head: Files;
}

/** An open pull request, as a list of them shows it. */
export interface OpenPullRequest {
  readonly number: number;
  readonly baseBranch: string;
  readonly headSha: string;
  /** Whether it has the label for that. */
  readonly isHeld: boolean;
  readonly check?: ObservedCheckRun;
}

export interface ObservedCheckRun {
  /** A later run has a higher one. */
  readonly id: number;
  /** What was judged, as `CheckRun.externalId` was when it was written. */
  readonly externalId: string;
  readonly completed: boolean;
  /** Whether it lets the pull request be merged. */
  readonly passed: boolean;
}

export interface CheckRunDraft {
  readonly headSha: string;
  /** Tells one judgement from another. */
  readonly externalId: string;
  readonly conclusion: "success" | "failure" | "neutral" | "pending";
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** A run of that head that still waits, to be brought to its end in place of a new one. */
  readonly continues?: number;
}

/** A remark beside a line of a file. */
export interface Annotation {
  /** In the repository. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly level: "failure" | "warning";
  /** Plain text. */
  readonly message: string;
}
