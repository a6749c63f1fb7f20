// Deployments and the calls of their deployers.

import type { EnvironmentKey } from "../../../domain/model/config/config.ts";
import type { DeployerCall, Deployment } from "../../../domain/model/deployment.ts";

/** `repeats`: of one that is none, absent. */
export type DeploymentKey = Pick<Deployment, "repositoryId" | "environment" | "sha" | "repeats">;

export interface Deployments {
  /**
   * Keeps the intent before GitHub is asked; `repeat` when (repository, environment, sha, intent of its repeat) is known.
   * `mergedBy`: login, for the history.
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
  /** Not yet in a final state, oldest first; of one repository, or of all. */
  unfinished(repositoryId?: number): Promise<readonly Deployment[]>;
  list(limit: number): Promise<readonly Deployment[]>;
  /** How many heals there were, forgotten ones too, by environment. */
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
  /** Adds calls that are not there yet, each `waiting`. */
  plan(githubId: number, deployers: readonly string[]): Promise<void>;
  calls(githubId: number): Promise<readonly DeployerCall[]>;
  /** Puts the next state of a call in the place of the one that is known, unless it has changed since: then false. */
  replaceCall(known: DeployerCall, next: DeployerCall): Promise<boolean>;
}
