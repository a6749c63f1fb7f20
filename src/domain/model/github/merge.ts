// GitHub's data about merges and pushes: the proof of one merge, the merges since an instant, and the commits of a
// push.

import type { DeploymentState, Moved, Repeat } from "../deployment.ts";
import type { Files } from "../umbrella.ts";

/** An environment's folder. */
export interface EnvironmentFolder {
  readonly name: string;
  /** "" for the root. */
  readonly path: string;
}

export interface FolderAt {
  /** Git's tree id, which changes with any file in the folder. Absent when there is no such folder. */
  readonly tree?: string;
  /** Manifests and locks, by path relative to the folder. */
  readonly files: Files;
}

/** Git object ids of a folder's entries, by name; empty when there is no such folder. */
export type FolderEntries = ReadonlyMap<string, string>;

/** The commit that a pull request became. */
export interface MergeCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  /** Whether GitHub itself wrote it: by the merge button, merge queue or API. */
  readonly byGitHub: boolean;
}

export interface MergeQuery {
  readonly number: number;
  /** The branch that it was merged into. */
  readonly base: string;
  readonly environments: readonly EnvironmentFolder[];
}

/** What GitHub says about one pull request and the commit that it became. */
export interface Proof {
  readonly number: number;
  readonly merged: boolean;
  /** The branch that it was merged into. */
  readonly base: string;
  readonly headOid: string;
  /** The commit that the merge put there (the last one, for a rebase). */
  readonly mergeCommit?: MergeCommit;
  /** Whether the branch's head contains that commit. */
  readonly contained: boolean;
}

export interface MergeProof extends Proof {
  /** Whether it is the App's onboarding pull request, and changes nothing else. */
  readonly offersConfig: boolean;
  /** Blob id of the config file at the merge commit; absent when there is none. */
  readonly configOid?: string;
  /** Label names. */
  readonly labels: readonly string[];
  /** In whole seconds; absent while it is not merged. */
  readonly mergedAt?: Date;
  /** Login of the person who merged it, or enabled auto-merge; absent when GitHub does not know any more. */
  readonly mergedBy?: string;
  /** The merge commit and its ancestors, newest first, at most a hundred. */
  readonly commits: readonly {
    readonly oid: string;
    readonly message: string;
    readonly parents: readonly string[];
  }[];
  /**
   * Messages of the pull request's own commits, oldest first; empty when it has more commits than a rebase merge
   * allows.
   */
  readonly messages: readonly string[];
  /** Each environment's folder at the merge commit. */
  readonly after: ReadonlyMap<string, FolderAt>;
  /** The same at the first parent of the merge commit. */
  readonly before: ReadonlyMap<string, FolderAt>;
  /** The App's own deployments of the merge commit. */
  readonly deployments: readonly {
    readonly id: number;
    readonly environment: string;
    readonly task: string;
  }[];
}

export interface MergedPullRequest {
  readonly number: number;
  readonly base: string;
  /** The branch that it was merged into was deleted or renamed since. */
  readonly baseIsGone: boolean;
  readonly headBranch: string;
  /** Whether the App opened it. */
  readonly byApp: boolean;
  /** Whether it is the onboarding pull request. */
  readonly offersConfig: boolean;
  readonly createdAt: Date;
  readonly mergedAt: Date;
  /** As in `Proof`. */
  readonly mergedBy?: string;
  /** The merge commit; absent while GitHub does not show it. */
  readonly sha?: string;
  /** Label names. */
  readonly labels: readonly string[];
  /** The App's own deployments of that commit. */
  readonly deployments: readonly StandingDeployment[];
  /** Waiting or running deployments, including repeats. */
  readonly underWay: readonly (StandingDeployment & { readonly repeats?: Repeat })[];
}

/** A deployment in GitHub's records. */
export interface StandingDeployment {
  readonly id: number;
  readonly environment: string;
  readonly promotions: readonly Moved[];
  readonly state: Exclude<DeploymentState, "creating">;
  readonly createdAt: Date;
  /** When it reached that state. */
  readonly changedAt: Date;
}

/** A repeated deployment of the App in GitHub's records. */
export interface StandingRepeat extends StandingDeployment {
  readonly sha: string;
  readonly pullRequest: number;
  readonly repeats: Repeat;
}

export interface PushQuery {
  /** Only counts if `after` descends from `before`; a push whose webhook says that it was not forced always does. */
  readonly missed?: boolean;
  readonly branch: string;
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  readonly environments: readonly EnvironmentFolder[];
}

export interface PushedRange {
  /** The branch's head before and after the push. */
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  /** Commits reachable from `after`: at least the first-parent chain down to `before`. */
  readonly commits: readonly PushedCommit[];
  /** The environments' folders before the push: Git tree id by environment; missing when there is no folder. */
  readonly foldersBefore: ReadonlyMap<string, string>;
  /** Pull requests recently merged into the branch. */
  readonly merges: readonly MergedPull[];
}

export interface PushedCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly headline: string;
  /** Git's tree id of each environment's folder, by environment. */
  readonly folders: ReadonlyMap<string, string>;
}

export interface MergedPull {
  readonly headOid: string;
  /** How many commits it had. */
  readonly commitCount: number;
  readonly mergeCommit: MergeCommit;
}
