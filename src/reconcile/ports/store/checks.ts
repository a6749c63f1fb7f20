// What the check of each open pull request said last, for those who look without asking GitHub.

import type { Judgement } from "../../../domain/check/judge-pull-request.ts";

export interface NewestCheck extends Pick<Judgement, "conclusion" | "title"> {
  /** Whether the label `promotion/hold` is on the pull request. */
  readonly isHeld: boolean;
}

export interface JudgedPullRequest {
  readonly repositoryId: number;
  readonly number: number;
}

export interface Checks {
  /** `undefined` for one that is open no more. */
  put(pullRequest: JudgedPullRequest, check: NewestCheck | undefined): Promise<void>;
  /** `repositoryId`: of this config repository alone. */
  all(repositoryId?: number): Promise<readonly (JudgedPullRequest & NewestCheck)[]>;
}
