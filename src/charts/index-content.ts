// What is wanted of an index, and what was found in it. All of it can be sent from one thread to another.

import { type ChartVersion, parseChartVersion } from "./chart-version.ts";
import { type DatedVersion, type ListedChart, newestOfEach, pack, parseListed } from "./listed-version.ts";

/** `index`: index.yaml, in YAML or JSON. `museum`: ChartMuseum's `/api/charts`, which is the value of `entries` in JSON. */
export type Layout = "index" | "museum";

export interface IndexQuery {
  readonly layout: Layout;
  /** The chart whose whole entries are wanted; every chart's versions in short when absent. */
  readonly chart?: string;
}

export type IndexContent =
  /** Every version of every chart that has any, as listed. */
  | { readonly kind: "listed"; readonly charts: readonly ListedChart[] }
  /** Every version of the one chart asked for, as listed. */
  | { readonly kind: "chart"; readonly versions: readonly ChartVersion[] }
  | BadIndex;

/** `reason` continues the sentence "The index …". */
export interface BadIndex {
  readonly kind: "bad";
  readonly reason: string;
}

export function badIndex(reason: string): BadIndex {
  return { kind: "bad", reason };
}

/** Collects entries, those of one chart after those of another. */
export class FoundEntries {
  /** The only chart of interest; all are when absent. */
  readonly chart: string | undefined;
  readonly #versions: ChartVersion[] = [];
  readonly #charts: ListedChart[] = [];
  #listing: { readonly chart: string; readonly versions: DatedVersion[] } | undefined;

  constructor({ chart }: IndexQuery) {
    this.chart = chart;
  }

  wants(chart: string): boolean {
    return this.chart === undefined || this.chart === chart;
  }

  list(chart: string, version: DatedVersion): void {
    if (this.#listing?.chart !== chart) this.#packListed();
    this.#listing ??= { chart, versions: [] };
    this.#listing.versions.push(version);
  }

  /** Leaves out what has no name or version, as Helm does. */
  add(chart: string, entry: unknown): void {
    if (!this.wants(chart)) return;
    const listed = this.chart === undefined ? parseListed(entry) : undefined;
    const version = this.chart === undefined ? undefined : parseChartVersion(entry);
    if (listed !== undefined) this.list(chart, listed);
    if (version !== undefined) this.#versions.push(version);
  }

  content(): IndexContent {
    this.#packListed();
    if (this.chart === undefined) return { kind: "listed", charts: this.#charts };
    const versions = newestOfEach(
      this.#versions,
      ({ metadata }) => metadata.version,
      ({ created }) => created,
    );
    return { kind: "chart", versions };
  }

  #packListed(): void {
    if (this.#listing !== undefined) this.#charts.push(pack(this.#listing));
    this.#listing = undefined;
  }
}
