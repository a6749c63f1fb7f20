// One version of a chart, with what its repository lists it as and with its archive.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { ChartLookup, ChartRef, Deps } from "../context.ts";
import type { Packed } from "../ports/chart-review.ts";
import { fetchChart } from "./fetch-chart.ts";

/** A version's archive as it was listed just now. */
export interface FetchedVersion {
  /** With the digest that was announced, if any was. */
  readonly wanted: ChartRef;
  readonly found: ChartLookup;
  readonly archive: Packed;
}

/** The listed digest is asked for first: an archive of a known digest is fetched once for all who need it. */
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
