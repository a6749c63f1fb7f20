// One version of a chart, packed and opened, or why it could not be had.

import type { Move } from "../../model/promotion.ts";
import type { ChartRepository } from "../../model/settings.ts";
import type { Opened } from "../../review/facts.ts";
import type { ChartName, ReleasedChart, World } from "../world.ts";

export interface FetchedChart {
  readonly opened: Opened;
  readonly packed?: Uint8Array;
}

/** One chart that moves, as it was and as it will be. */
export interface MovedChart {
  readonly move: Move;
  readonly repository: ChartRepository | undefined;
  /** Every version that the repository lists; empty when it could not be asked. */
  readonly released: readonly ReleasedChart[];
  readonly before: FetchedChart;
  readonly after: FetchedChart;
}

export async function fetchChart(
  repository: ChartRepository | undefined,
  chart: ChartName,
  { charts }: Pick<World, "charts">,
): Promise<FetchedChart> {
  if (!repository || chart.version === "") return missing("its version is not known");
  const bytes = await charts.fetchArchive(repository, chart);
  if (!bytes.ok) return missing(bytes.problems[0]?.message);
  const { packed } = bytes.value;
  const archive = await charts.openArchive(packed);
  if (!archive.ok) return missing(archive.problems[0]?.message);
  return { opened: { kind: "opened", archive: archive.value }, packed };
}

function missing(because = "it could not be read"): FetchedChart {
  return { opened: { kind: "missing", because } };
}
