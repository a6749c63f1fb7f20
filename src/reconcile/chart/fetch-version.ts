// Fetches one version of a chart: its entry in the chart repository, and its archive.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { ChartLookup, ChartRef, Deps } from "../context.ts";
import type { Packed } from "../ports/chart-review.ts";
import { fetchChart } from "./fetch-chart.ts";

/** A version's archive with the entry under which it was just listed. */
export interface FetchedVersion {
  /** With the announced digest, if any was announced. */
  readonly wanted: ChartRef;
  readonly found: ChartLookup;
  readonly archive: Packed;
}

/** Looks up the listed digest first: the archive cache is keyed by digest, so every caller shares one download. */
export async function fetchVersion(
  repository: ChartRepository,
  chart: ChartRef,
  deps: Deps,
): Promise<FetchedVersion> {
  const publish = await deps.store.publishes.find(
    { chart: chart.chart, repository: repository.name },
    chart.version,
  );
  const wanted = { ...chart, ...(publish?.digest !== undefined && { digest: publish.digest }) };
  const found = await deps.charts.lookUp(repository, wanted);
  return { wanted, found, archive: await fetchChart(repository, { ...wanted, ...digestIn(found) }, deps) };
}

export function digestIn(found: ChartLookup): { readonly digest?: string } {
  return found.kind === "found" && found.digest !== undefined ? { digest: found.digest } : {};
}
