// What carrying out one plan came to.

import type { Plan } from "../../../domain/model/promotion.ts";
import type { Proposed, PullRequestName } from "../../ports/github/pull-requests.ts";

/** What GitHub is known to hold now. */
export interface PlanOutcome {
  readonly pullRequest?: PullRequestName;
  /** Why what was planned could not be done. */
  readonly refused?: string;
  /** What people can do about it, where that is known. */
  readonly help?: string | undefined;
  readonly requeueAt?: Date;
  /** The branch was left as it is, since people's commits are on it. */
  readonly isLeftToPeople?: true;
}

/** Where GitHub refuses what was planned. */
export const REFUSED_HELP =
  "Change what keeps the App from it: a rule of the repository, or the App's permissions, which app.yml lists.";

export type PlanResult = ({ readonly kind: "done" } & PlanOutcome) | Extract<Proposed, { kind: "doubt" }>;

export interface AppliedPlan extends PlanOutcome {
  readonly plan: Plan;
}
