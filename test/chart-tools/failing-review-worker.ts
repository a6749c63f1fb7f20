// A review worker with a mistake: it fails for as long as any archive is there.

import { serveJobs } from "../../src/adapters/threads/serve-jobs.ts";
import { reviewJob } from "../../src/chart-tools/review-job.ts";
import type { ReviewInput } from "../../src/chart-tools/review-worker.ts";

serveJobs(async (input: ReviewInput) => {
  if (input.kind !== "review") throw new Error("only reviews are asked for");
  if (input.request.facts.charts.some(({ after }) => after.kind === "packed"))
    throw new TypeError("x is undefined");
  return { review: await reviewJob(input.request, input.helm) };
});
