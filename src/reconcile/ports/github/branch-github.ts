// What the flow asks of GitHub about branches: what was merged into them, what was pushed, and how their folders stood.

import type {
  EnvironmentFolder,
  FolderAt,
  MergedPullRequest,
  MergeProof,
  MergeQuery,
  PushedRange,
  PushQuery,
} from "../../../domain/model/github/merge.ts";

/** A branch was moved, created or put back. */
export interface BranchPush {
  readonly after: string;
  /** By GitHub's clock, to the second. */
  readonly at: Date;
  readonly byApp: boolean;
}

export interface BranchGitHub {
  /** Everything that proves a merge; `undefined` when there is no such pull request. */
  proveMerge(query: MergeQuery): Promise<MergeProof | undefined>;
  /** Environments' folders at one commit. */
  foldersAt(oid: string, environments: readonly EnvironmentFolder[]): Promise<ReadonlyMap<string, FolderAt>>;
  /** The files of a commit; `isWhole`: whether that is all of them. One request. */
  filePaths(commit: string): Promise<{ readonly paths: readonly string[]; readonly isWhole: boolean }>;
  /** One file at the head of the default branch; `undefined` where there is none. One request. */
  defaultFile(path: string): Promise<{ readonly oid: string; readonly text: string } | undefined>;
  /**
   * What was merged into branches after an instant, and perhaps more; without one, the newest of each branch. `intoAny`: also into
   * any other, as one that is gone.
   */
  mergesSince(query: {
    readonly branches: readonly string[];
    readonly since?: Date;
    readonly intoAny?: boolean;
  }): Promise<readonly MergedPullRequest[]>;
  /** What a push put on its branch; `undefined` when GitHub has the commit no more. */
  pushRange(query: PushQuery): Promise<PushedRange | undefined>;
  /** The newest pushes to a branch, newest first. One request. */
  pushesTo(branch: string): Promise<readonly BranchPush[]>;
}
