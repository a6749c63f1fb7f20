// Reviews for the command line, which waits until they are complete.

import { chartReviewer } from "../../chart-tools/chart-reviewer.ts";
import type { ChartReviewer } from "../../reconcile/ports/chart-review.ts";

/** More than the time limit of a review. */
const PATIENCE_MS = 600_000;

export function patientReviewer(helm: string | undefined): Pick<ChartReviewer, "review"> {
  return chartReviewer(helm, { patienceMs: PATIENCE_MS });
}
