// What the reconcilers ask of GitHub about branches: merges, pushes and folders.

import type {
  EnvironmentFolder,
  FolderAt,
  FolderEntries,
  MergedPullRequest,
  MergeProof,
  MergeQuery,
  PushedRange,
  PushQuery,
} from "../../../domain/model/github/merge.ts";

/** A push that moved, created or deleted a branch, or a force push. */
export interface BranchPush {
  readonly after: string;
  /** GitHub's timestamp, in whole seconds. */
  readonly at: Date;
  readonly byApp: boolean;
}

export interface BranchGitHub {
  /** Everything that proves a merge; `undefined` when there is no such pull request. */
  proveMerge(query: MergeQuery): Promise<MergeProof | undefined>;
  /** The environments' folders at one commit. */
  foldersAt(oid: string, environments: readonly EnvironmentFolder[]): Promise<ReadonlyMap<string, FolderAt>>;
  /** Git object ids of what is directly in the environments' folders, by environment and name. One request. */
  entriesAt(
    oid: string,
    environments: readonly EnvironmentFolder[],
  ): Promise<ReadonlyMap<string, FolderEntries>>;
  /** File paths of a commit. One request. `isWhole`: false when GitHub truncated the list. */
  filePaths(commit: string): Promise<{ readonly paths: readonly string[]; readonly isWhole: boolean }>;
  /** One file at the head of the default branch; `undefined` when there is none. One request. */
  defaultFile(path: string): Promise<{ readonly oid: string; readonly text: string } | undefined>;
  /**
   * Merges into these branches after `since`, and perhaps earlier ones; without `since`, the newest merges of each
   * branch. `intoAny`: also merges into any other branch, such as a deleted one.
   */
  mergesSince(query: {
    readonly branches: readonly string[];
    readonly since?: Date;
    readonly intoAny?: boolean;
  }): Promise<readonly MergedPullRequest[]>;
  /** The commits that a push added to its branch; `undefined` when GitHub does not have the commit any more. */
  pushRange(query: PushQuery): Promise<PushedRange | undefined>;
  /** The newest pushes to a branch, newest first. One request. */
  pushesTo(branch: string): Promise<readonly BranchPush[]>;
}
