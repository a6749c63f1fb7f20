// One version of a chart, packed, or why it could not be had.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { Move } from "../../domain/model/promotion.ts";
import type { ChartRef, Deps, ReleasedChart } from "../context.ts";
import type { Packed } from "../ports/chart-review.ts";

/** One chart that moves, as it was and as it will be. */
export interface MovedChart {
  readonly move: Move;
  readonly repository: ChartRepository | undefined;
  /** The versions that it passes, as far as the repository lists them. */
  readonly released: { readonly versions: readonly ReleasedChart[]; readonly unread?: string };
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
