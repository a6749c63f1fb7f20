// What GitHub shows of merges and pushes: the proof of one merge, the merges since an instant, and what a push brought.

import type { DeploymentState, Moved, Repeat } from "../deployment.ts";
import type { Files } from "../umbrella.ts";

/** An environment's folder. */
export interface EnvironmentFolder {
  readonly name: string;
  /** "" for the root. */
  readonly path: string;
}

export interface FolderAt {
  /** Git's tree id: another one when anything in the folder is another. Absent when there is no such folder. */
  readonly tree?: string;
  /** Manifests and locks, by path below the folder. */
  readonly files: Files;
}

/** The commit that a pull request became. */
export interface MergeCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  /** Whether GitHub itself wrote it: by its button, its queue or its API. */
  readonly byGitHub: boolean;
}

export interface MergeQuery {
  readonly number: number;
  /** The branch it was merged into. */
  readonly base: string;
  readonly environments: readonly EnvironmentFolder[];
}

/** What GitHub says about one pull request and the commit that it became. */
export interface Proof {
  readonly number: number;
  readonly merged: boolean;
  /** The branch it was merged into. */
  readonly base: string;
  readonly headOid: string;
  /** The commit that the merge put there (the last one, for a rebase). */
  readonly mergeCommit?: MergeCommit;
  /** Whether the branch's head contains that commit. */
  readonly contained: boolean;
}

export interface MergeProof extends Proof {
  /** Whether it is the App's offer of a first config file, and changes nothing else. */
  readonly offersConfig: boolean;
  /** Git's id of the config file at the merge commit; absent where there is none. */
  readonly configOid?: string;
  /** Names, as they are on GitHub. */
  readonly labels: readonly string[];
  /** To the second; absent while it is not merged. */
  readonly mergedAt?: Date;
  /** Login of who merged it, or had it merged by GitHub; absent where GitHub does not know any more. */
  readonly mergedBy?: string;
  /** The merge commit and what it contains, newest first, a hundred at most. */
  readonly commits: readonly {
    readonly oid: string;
    readonly message: string;
    readonly parents: readonly string[];
  }[];
  /** Messages of the pull request's own commits, oldest first; empty when it has more than a rebase can have. */
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
  /** The branch that it was merged into was deleted since, or renamed. */
  readonly baseIsGone: boolean;
  /** Whether the App opened it. */
  readonly byApp: boolean;
  /** Whether it offered a first config file. */
  readonly offersConfig: boolean;
  readonly createdAt: Date;
  readonly mergedAt: Date;
  /** As in a proof. */
  readonly mergedBy?: string;
  /** The commit that it became; absent while GitHub does not name it. */
  readonly sha?: string;
  /** Names, as they are on GitHub. */
  readonly labels: readonly string[];
  /** The App's own deployments of that commit. */
  readonly deployments: readonly StandingDeployment[];
  /** Those that wait or are under way, and those that repeat another one too. */
  readonly underWay: readonly (StandingDeployment & { readonly repeats?: Repeat })[];
}

/** A deployment as GitHub keeps it. */
export interface StandingDeployment {
  readonly id: number;
  readonly environment: string;
  readonly promotions: readonly Moved[];
  readonly state: Exclude<DeploymentState, "creating">;
  readonly createdAt: Date;
  /** When it came to that state. */
  readonly changedAt: Date;
}

/** A deployment of the App that repeats another one, as GitHub keeps it. */
export interface StandingRepeat extends StandingDeployment {
  readonly sha: string;
  readonly pullRequest: number;
  readonly repeats: Repeat;
}

export interface PushQuery {
  /** Only of interest where it led on from `before`; a push whose webhook says that it was not forced always does. */
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
  /** Commits reachable from `after`: at least those on the way of first parents down to `before`. */
  readonly commits: readonly PushedCommit[];
  /** The environments' folders before the push: git's tree id by environment; missing where there is no folder. */
  readonly foldersBefore: ReadonlyMap<string, string>;
  /** Pull requests merged into the branch lately. */
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
