// The tools that look into charts, put together: signatures, images, and reviews of changes, in threads of their own.

import type { ChartReviewer } from "../reconcile/ports/chart-review.ts";
import type { ChartTools } from "../reconcile/ports/github/check-run-github.ts";
import { chartReviewer, type ReviewerOptions, type ThreadedReviewer } from "./chart-reviewer.ts";

/** `helm`: the program to render with; without it nothing is rendered, and every text says so. */
export function chartTools(
  helm: string | undefined,
  { fetchProvenance, verifyProvenance, imageExists }: Omit<ChartTools, keyof ChartReviewer>,
  options: Pick<ReviewerOptions, "onMistake"> & Partial<Pick<ReviewerOptions, "patienceMs" | "kept">>,
): ChartTools & Pick<ThreadedReviewer, "prepare" | "close"> {
  return { fetchProvenance, verifyProvenance, imageExists, ...chartReviewer(helm, options) };
}
