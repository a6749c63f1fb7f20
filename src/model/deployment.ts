// What a merge sets off: one deployment per environment and merge commit, and the calls to its deployers.

import type { Problem } from "./problem.ts";

export interface Moved {
  readonly chart: string;
  readonly from: string;
  readonly to: string;
}

/** `creating` is written before GitHub is asked, so that an answer lost on the way is looked for and not asked for again. */
export type DeploymentState =
  | "creating"
  | "held"
  | "queued"
  | "in_progress"
  | "success"
  | "failure"
  | "error"
  | "inactive";

export interface Deployment {
  readonly repositoryId: number;
  readonly environment: string;
  /** The commit that the merge put on the environment's branch. */
  readonly sha: string;
  readonly pullRequest: number;
  readonly promotions: readonly Moved[];
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
  /** When it was merged, as near as is known: the order of an environment's deployments. */
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly description?: string;
  readonly log?: string;
}

/** One deployer told (or still to be told) of one deployment. */
export interface DeployerCall {
  readonly deploymentId: number;
  readonly deployer: string;
  readonly state: "waiting" | "called" | "running" | "done" | "failed" | "skipped";
  /** Where to look next: a Jenkins queue item, then the build; absent while nobody has acknowledged the call. */
  readonly url?: string;
  /** When it was called; while `waiting`, when the first try was made. */
  readonly calledAt?: Date;
  /** Why it could not be called or followed; absent on a `failed` call whose deployer itself said so. */
  readonly problem?: Problem;
  /** Address of the log, for people. */
  readonly log?: string;
  /** What the deployer said last. */
  readonly description?: string;
}
