// What a merge sets off: one deployment per environment and merge commit, its repeats, and the calls to its deployers.

import type { Problem } from "./problem.ts";

export interface Moved {
  readonly chart: string;
  readonly from: string;
  readonly to: string;
}

/** `creating` is on record before the request to GitHub: after a lost answer the deployment is searched for, not created twice. */
export type DeploymentState =
  | "creating"
  | "held"
  | "queued"
  | "in_progress"
  | "success"
  | "failure"
  | "error"
  | "inactive";

/** Why a commit that was deployed is deployed once more. */
export interface Repeat {
  readonly task: "heal" | "redeploy";
  /** GitHub's id of the deployment that it repeats. */
  readonly of: number;
  /** Idempotency key: the same for every try of one repeat. */
  readonly intent: string;
  /** Login of who asked for it; absent where the App decided by itself. */
  readonly by?: string;
}

export interface Deployment {
  readonly repositoryId: number;
  readonly environment: string;
  /** The commit that the merge put on the environment's branch. */
  readonly sha: string;
  readonly pullRequest: number;
  readonly promotions: readonly Moved[];
  /** Absent on the one deployment that the merge set off. */
  readonly repeats?: Repeat;
  readonly state: DeploymentState;
  /** GitHub's deployment id, which is also DEPLOYMENT_ID; absent while `creating`. */
  readonly githubId?: number;
  /** The deployers to call, named as in server.yaml. */
  readonly deployers: readonly string[];
  /** Set while a freeze holds it back. */
  readonly heldUntil?: Date;
  /** Its pull request was labelled as one that goes out in spite of a freeze. */
  readonly emergency?: true;
  /** Set on an `inactive` one: a later one `contained` it, or history was rewritten and a later one has `replaced` it. */
  readonly overtaken?: "contained" | "replaced";
  /** When it was merged, as near as is known, or when it was decided to repeat it. */
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly description?: string;
  readonly log?: string;
}

/** The call of one deployer for one deployment, made or still to be made. */
export interface DeployerCall {
  readonly deploymentId: number;
  readonly deployer: string;
  readonly state: "waiting" | "called" | "running" | "done" | "failed" | "skipped";
  /** Address to poll next: a Jenkins queue item, then the build; absent while the call is not acknowledged. */
  readonly url?: string;
  /** When it was called last; while `waiting`, when the first try was made. */
  readonly calledAt?: Date;
  /** When the first try was made, of a call that was made again since. */
  readonly firstCalledAt?: Date;
  /** Number that the Jenkins job's next build was to get when it was called. */
  readonly nextBuild?: number;
  /** Since when a call that was made is neither in the queue nor among the builds. */
  readonly missingSince?: Date;
  /** When the call was seen to fail last: for some time another build of it may come, which is followed. */
  readonly endedAt?: Date;
  /** Why it could not be called or followed; absent on a `failed` call whose deployer itself said so. */
  readonly problem?: Problem;
  /** Address of the log, for people. */
  readonly log?: string;
  /** What the deployer said last. */
  readonly description?: string;
}
