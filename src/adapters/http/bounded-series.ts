// How many rows the metrics have whose labels come from repositories or installations: whoever writes to one would have as
// many as they like, of what everybody's Prometheus keeps.

import { Gauge, type Registry } from "prom-client";

const MOST_OF_OWNER = 200;
const MOST = 5_000;

export class BoundedSeries {
  /** By metric, how many rows its last scrape left out. */
  readonly #omitted = new Map<string, number>();

  readonly registry: Registry;

  constructor(registry: Registry, prefix: string) {
    this.registry = registry;
    const omitted = this.#omitted;
    const gauge: Gauge<"metric"> = new Gauge({
      name: `${prefix}metric_rows_omitted`,
      help: "Rows of a metric that were left out at the scrape before, since there are too many.",
      labelNames: ["metric"],
      registers: [registry],
      collect() {
        for (const [metric, count] of omitted) gauge.set({ metric }, count);
      },
    });
  }

  /** The first rows of each owner, a repository or an installation, as far as there is room for all of them. */
  rowsOf<Row>(metric: string, rows: readonly Row[], ownerOf: (row: Row) => string | number): readonly Row[] {
    const counts = new Map<string | number, number>();
    const fair = rows.filter((row) => {
      const owner = ownerOf(row);
      const count = (counts.get(owner) ?? 0) + 1;
      counts.set(owner, count);
      return count <= MOST_OF_OWNER;
    });
    const kept = fair.slice(0, MOST);
    this.#omitted.set(metric, rows.length - kept.length);
    return kept;
  }
}
