// Fetches one version of a chart, packed; or says why it could not be fetched.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { Move } from "../../domain/model/promotion.ts";
import type { ChartRef, Deps, ReleasedChart } from "../context.ts";
import type { Packed } from "../ports/chart-review.ts";

/** A chart whose version changes: the archive before and after. */
export interface MovedChart {
  readonly move: Move;
  readonly repository: ChartRepository | undefined;
  /**
   * The versions between the old and the new one, as far as the repository lists them; `incomplete`: why the list is
   * incomplete.
   */
  readonly released: { readonly versions: readonly ReleasedChart[]; readonly incomplete?: string };
  readonly before: Packed;
  readonly after: Packed;
}

export async function fetchChart(
  repository: ChartRepository | undefined,
  chart: ChartRef,
  { charts }: Pick<Deps, "charts">,
): Promise<Packed> {
  if (!repository || chart.version === "") return { kind: "missing", because: "its version is not known" };
  const bytes = await charts.fetchArchive(repository, chart);
  return bytes.ok ? { kind: "packed", bytes: bytes.value.packed } : missing(bytes.problems[0]);
}

function missing(problem?: Problem): Packed {
  const because = problem?.message ?? "it could not be read";
  return { kind: "missing", because, ...(problem && { problem }) };
}
