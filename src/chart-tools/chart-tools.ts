// The tools for inspecting charts: signatures, images, and reviews of changes, in worker threads.

import type { ChartReviewer } from "../reconcile/ports/chart-review.ts";
import type { ChartTools } from "../reconcile/ports/github/check-run-github.ts";
import { chartReviewer, type ReviewerOptions, type ThreadedReviewer } from "./chart-reviewer.ts";

/** `helm`: path of the helm program; without it nothing is rendered, and every text says so. */
export function chartTools(
  helm: string | undefined,
  { fetchProvenance, verifyProvenance, imageExists }: Omit<ChartTools, keyof ChartReviewer>,
  options: Pick<ReviewerOptions, "onMistake"> & Partial<Pick<ReviewerOptions, "patienceMs" | "kept">>,
): ChartTools & Pick<ThreadedReviewer, "prepare" | "close"> {
  return { fetchProvenance, verifyProvenance, imageExists, ...chartReviewer(helm, options) };
}
