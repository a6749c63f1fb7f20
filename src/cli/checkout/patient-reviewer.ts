// Reviews for somebody who waits: a command line prints once, and nothing is completed afterwards.

import { chartReviewer } from "../../chart-tools/chart-reviewer.ts";
import type { ChartReviewer } from "../../reconcile/ports/chart-review.ts";

/** Longer than a review may take until it is given up. */
const PATIENCE_MS = 600_000;

export function patientReviewer(helm: string | undefined): Pick<ChartReviewer, "review"> {
  return chartReviewer(helm, { patienceMs: PATIENCE_MS });
}
