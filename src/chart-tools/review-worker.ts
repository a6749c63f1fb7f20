// The worker thread for reviews.

import { serveJobs } from "../adapters/threads/serve-jobs.ts";
import type { RenderingJudgement } from "../domain/pull-request-body/judgement.ts";
import type { JudgeRequest, ReviewAnswer, ReviewRequest } from "../reconcile/ports/chart-review.ts";
import { judgeJob, reviewJob } from "./review-job.ts";

export type ReviewInput = { readonly helm: string | undefined } & (
  | { readonly kind: "review"; readonly request: ReviewRequest }
  | { readonly kind: "judge"; readonly request: JudgeRequest }
);

/** One of both, depending on the input. */
export interface ReviewOutput {
  readonly review?: ReviewAnswer;
  readonly judgement?: RenderingJudgement;
}

serveJobs(
  async (input: ReviewInput): Promise<ReviewOutput> =>
    input.kind === "review"
      ? { review: await reviewJob(input.request, input.helm) }
      : { judgement: await judgeJob(input.request, input.helm) },
);
