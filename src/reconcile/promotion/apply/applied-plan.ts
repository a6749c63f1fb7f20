// The result of applying one plan.

import type { Plan } from "../../../domain/model/promotion.ts";
import type { Proposed, PullRequestName } from "../../ports/github/pull-requests.ts";

/** The state on GitHub after the plan was applied, as far as it is known. */
export interface PlanOutcome {
  readonly pullRequest?: PullRequestName;
  /** Why the plan could not be applied. */
  readonly refused?: string;
  /** What people can do about it, if that is known. */
  readonly help?: string | undefined;
  readonly requeueAt?: Date;
  /** The branch was left unchanged because people's commits are on it. */
  readonly isLeftToPeople?: true;
}

/** Help text for a refusal by GitHub. */
export const REFUSED_HELP =
  "Change what keeps the App from it: a rule of the repository, or the App's permissions, which app.yml lists.";

export type PlanResult = ({ readonly kind: "done" } & PlanOutcome) | Extract<Proposed, { kind: "doubt" }>;

export interface AppliedPlan extends PlanOutcome {
  readonly plan: Plan;
}
