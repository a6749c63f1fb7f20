// Deployments: one per environment and merge commit, its repeats, and the calls of its deployers.

import type { Problem } from "./problem.ts";

export interface Moved {
  readonly chart: string;
  readonly from: string;
  readonly to: string;
}

/**
 * `creating` is recorded before the request to GitHub: after a lost answer the deployment is searched for, not created
 * twice.
 */
export type DeploymentState =
  | "creating"
  | "held"
  | "queued"
  | "in_progress"
  | "success"
  | "failure"
  | "error"
  | "inactive";

/** Why a deployed commit is deployed again. */
export interface Repeat {
  readonly task: "heal" | "redeploy";
  /** GitHub's id of the deployment that it repeats. */
  readonly of: number;
  /** Idempotency key: the same for every try of one repeat. */
  readonly intent: string;
  /** Login of the person who requested it; absent when the App decided. */
  readonly by?: string;
}

export interface Deployment {
  readonly repositoryId: number;
  readonly environment: string;
  /** The commit that the merge put on the environment's branch. */
  readonly sha: string;
  /** Folder of the umbrella chart at that commit, "" for the root; absent when it was adopted from GitHub, which does not know. */
  readonly path?: string;
  readonly pullRequest: number;
  readonly promotions: readonly Moved[];
  /** Absent for the deployment that the merge created. */
  readonly repeats?: Repeat;
  readonly state: DeploymentState;
  /** GitHub's deployment id, which is also DEPLOYMENT_ID; absent while `creating`. */
  readonly githubId?: number;
  /** The deployers to call, named as in server.yaml. */
  readonly deployers: readonly string[];
  /** Set while a freeze or window holds it. */
  readonly heldUntil?: Date;
  /** Its pull request has the emergency label, which exempts it from freezes. */
  readonly emergency?: true;
  /**
   * Set on an `inactive` one. `contained`: a later deployment includes it; `replaced`: a forced push took its commit
   * off the branch.
   */
  readonly overtaken?: "contained" | "replaced";
  /** When it was merged, as far as is known; for a repeat, when it was decided. */
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly description?: string;
  readonly log?: string;
}

/** One deployer's call for one deployment, made or to be made. */
export interface DeployerCall {
  readonly deploymentId: number;
  readonly deployer: string;
  readonly state: "waiting" | "called" | "running" | "done" | "failed" | "skipped";
  /** URL to poll next: a Jenkins queue item, then the build; absent until the call is acknowledged. */
  readonly url?: string;
  /** Time of the last call; while `waiting`, of the first try. */
  readonly calledAt?: Date;
  /** Time of the first try, for a call that was repeated. */
  readonly firstCalledAt?: Date;
  /** Number of the Jenkins job's next build at the time of the call. */
  readonly nextBuild?: number;
  /** URL of the Jenkins job that was called, as server.yaml had it then. */
  readonly job?: string;
  /** Since when a call that was made is found neither in the queue nor among the builds. */
  readonly missingSince?: Date;
  /** Time of the last failure: for a while after it a rebuild may start, which is then followed. */
  readonly endedAt?: Date;
  /** Why it could not be called or polled; absent on a `failed` call that the deployer itself reported. */
  readonly problem?: Problem;
  /** URL of the log, for people. */
  readonly log?: string;
  /** The deployer's last message. */
  readonly description?: string;
}
