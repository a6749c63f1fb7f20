// A pull request's head for the check: the query, GitHub's answer, and the check run.

import type { Files } from "../umbrella.ts";
import type { Commit } from "./snapshot.ts";

export interface PullRequestQuery {
  readonly number: number;
  readonly environments: readonly {
    readonly name: string;
    /** Folder in the repository, "" for its root. */
    readonly path: string;
    /** Files to read, relative to the folder. */
    readonly files: readonly string[];
  }[];
  /** A merge queue's group, checked instead of the pull request's own head. */
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
  /** Head commit of the base branch, or the base of the merge queue's group. */
  readonly baseSha?: string;
  readonly headBranch: string;
  /** Whether its head is in another repository. */
  readonly isFork: boolean;
  readonly headSha: string;
  readonly labels: readonly string[];
  /** Paths in the repository that it changes, as far as GitHub lists them. */
  readonly files: readonly string[];
  /**
   * Names of the environments in whose folders it changes something, when GitHub does not list all files; absent when
   * it does.
   */
  readonly unlistedIn?: readonly string[];
  /** Symbolic links and submodules among `files` that replace a file which is read, or a folder. */
  readonly links: readonly string[];
  /** Its newest commits, oldest first. */
  readonly commits: readonly Commit[];
  readonly commitCount: number;
  /** By environment. */
  readonly texts: ReadonlyMap<string, EnvironmentTexts>;
  /** The files of the environments that it changes are too large to be read: there are no links, texts and archives. */
  readonly isUnread?: true;
  /**
   * By environment: Git blob ids of the files in its `charts/` at the head, by name; "" when it is not a regular file.
   */
  readonly archives: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The App's newest check run on that head. */
  readonly check?: ObservedCheckRun;
  /** The same on the pull request's own head, when that is not the checked one (merge queue). */
  readonly ownCheck?: ObservedCheckRun;
}

/** The texts of an environment's folder, by path relative to it. */
export interface EnvironmentTexts {
  /** At the merge base. */
  readonly fork: Files;
  /** At the head of the base branch, now. */
  readonly base: Files;
  readonly head: Files;
}

/** An open pull request in GitHub's list. */
export interface OpenPullRequest {
  readonly number: number;
  readonly baseBranch: string;
  readonly headSha: string;
  /** Whether it has the hold label. */
  readonly isHeld: boolean;
  /**
   * Whether its base was forced since the last check run: the pull request may now bring back commits that the base
   * lost.
   */
  readonly isForced: boolean;
  readonly check?: ObservedCheckRun;
}

export interface ObservedCheckRun {
  /** Later runs have higher ids. */
  readonly id: number;
  /** Identifies the judgement; the `CheckRun.externalId` with which it was written. */
  readonly externalId: string;
  readonly completed: boolean;
  /** Whether its conclusion allows a merge. */
  readonly passed: boolean;
}

export interface CheckRunDraft {
  readonly headSha: string;
  /** Identifies the judgement. */
  readonly externalId: string;
  readonly conclusion: "success" | "failure" | "neutral" | "pending";
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** Id of a pending run of that head to complete, instead of creating a new one. */
  readonly continues?: number;
}

/** An annotation on a line of a file. */
export interface Annotation {
  /** Path in the repository. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly level: "failure" | "warning";
  /** Plain text. */
  readonly message: string;
}
