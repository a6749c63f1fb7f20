// What the flow asks of GitHub about branches: what was merged into them, what was pushed, and how their folders stood.

import type { Proof } from "../merge/recognise.ts";
import type { PushedRange } from "../merge/unexplained.ts";
import type { DeploymentState, Moved } from "../model/deployment.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { Files } from "../model/umbrella.ts";

export interface BranchGitHub {
  /** Everything that proves a merge; `undefined` when there is no such pull request. */
  proveMerge(repository: ConfigRepository, asked: MergeAsked): Promise<ProofAnswer | undefined>;
  /** Environments' folders at one commit. */
  foldersAt(
    repository: ConfigRepository,
    oid: string,
    environments: readonly Folder[],
  ): Promise<ReadonlyMap<string, FolderAt>>;
  /** What was merged into branches after an instant, and perhaps more; without one, the newest of each branch. */
  mergesSince(
    repository: ConfigRepository,
    asked: { readonly branches: readonly string[]; readonly since?: Date },
  ): Promise<readonly MergedPullRequest[]>;
  /** What a push put on its branch; `undefined` when GitHub has the commit no more. */
  pushRange(repository: ConfigRepository, asked: PushAsked): Promise<PushedRange | undefined>;
}

/** An environment's folder; "" for the root. */
export interface Folder {
  readonly name: string;
  readonly path: string;
}

export interface FolderAt {
  /** Git's id of the whole folder; absent when it is not there. */
  readonly tree?: string;
  /** Manifests and locks, by path below the folder. */
  readonly files: Files;
}

export interface MergeAsked {
  readonly number: number;
  readonly base: string;
  readonly environments: readonly Folder[];
}

export interface ProofAnswer extends Proof {
  readonly labels: readonly string[];
  /** To the second; absent while it is not merged. */
  readonly mergedAt?: Date;
  /** The merge commit and what it contains, newest first, a hundred at most. */
  readonly commits: readonly {
    readonly oid: string;
    readonly message: string;
    readonly parents: readonly string[];
  }[];
  /** Messages of the pull request's own commits, oldest first. */
  readonly messages: readonly string[];
  readonly after: ReadonlyMap<string, FolderAt>;
  /** At the first parent of the merge commit. */
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
  readonly mergedAt: Date;
  readonly sha?: string;
  /** Names, as they are on GitHub. */
  readonly labels: readonly string[];
  readonly deployments: readonly StandingDeployment[];
}

/** A deployment as GitHub keeps it. */
export interface StandingDeployment {
  readonly id: number;
  readonly environment: string;
  readonly promotions: readonly Moved[];
  readonly state: DeploymentState;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export interface PushAsked {
  readonly branch: string;
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  readonly environments: readonly Folder[];
}
