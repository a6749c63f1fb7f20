// Deployments and the calls of their deployers.

import type { EnvironmentKey } from "../../../domain/model/config/config.ts";
import type { DeployerCall, Deployment } from "../../../domain/model/deployment.ts";

/** `repeats`: absent for a deployment that repeats no other. */
export type DeploymentKey = Pick<Deployment, "repositoryId" | "environment" | "sha" | "repeats">;

export interface Deployments {
  /**
   * Records the intent before GitHub is called; `repeat` when this (repository, environment, sha, intent of the repeat)
   * is on record already. `mergedBy`: login, for the history.
   */
  begin(
    deployment: Deployment,
    mergedBy?: string,
  ): Promise<{ readonly kind: "begun" | "repeat"; readonly deployment: Deployment }>;
  /** Records GitHub's id and the state that follows. */
  created(key: DeploymentKey, githubId: number): Promise<void>;
  byGithubId(githubId: number): Promise<Deployment | undefined>;
  /** Newest first. */
  ofEnvironment(repositoryId: number, environment: string, limit: number): Promise<readonly Deployment[]>;
  /** Of the merge of one pull request, to every environment, and its repeats; oldest first. */
  ofPullRequest(repositoryId: number, pullRequest: number): Promise<readonly Deployment[]>;
  /** Deployments without a final state, oldest first; of one repository, or of all. */
  unfinished(repositoryId?: number): Promise<readonly Deployment[]>;
  list(limit: number): Promise<readonly Deployment[]>;
  /** Number of heals by environment, including deployments that were pruned. */
  heals(): Promise<readonly (EnvironmentKey & { readonly count: number })[]>;
  update(
    githubId: number,
    change: Partial<
      Pick<
        Deployment,
        "state" | "description" | "log" | "heldUntil" | "emergency" | "overtaken" | "changedAt"
      >
    >,
  ): Promise<void>;
  /** Adds missing calls, each `waiting`. */
  plan(githubId: number, deployers: readonly string[]): Promise<void>;
  calls(githubId: number): Promise<readonly DeployerCall[]>;
  /** Compare-and-swap: false when the call has changed since `known` was read. */
  replaceCall(known: DeployerCall, next: DeployerCall): Promise<boolean>;
}
