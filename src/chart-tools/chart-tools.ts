// The tools that look into charts, put together: signatures, images, and reviews of changes, in threads of their own.

import { verifyProvenance } from "../adapters/charts/archive/provenance.ts";
import type { ChartTools } from "../reconcile/ports/github/check-run-github.ts";
import { chartReviewer, type ReviewerOptions, type ReviewerThreads } from "./chart-reviewer.ts";

/** `helm`: the program to render with; without it nothing is rendered, and every text says so. */
export function chartTools(
  helm: string | undefined,
  { fetchProvenance, imageExists }: Pick<ChartTools, "fetchProvenance" | "imageExists">,
  options: Pick<ReviewerOptions, "onMistake"> & Partial<Pick<ReviewerOptions, "patienceMs" | "kept">>,
): ChartTools & Pick<ReviewerThreads, "prepare" | "close"> {
  return { fetchProvenance, verifyProvenance, imageExists, ...chartReviewer(helm, options) };
}
