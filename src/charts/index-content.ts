// What is wanted of an index, and what was found in it. All of it can be sent from one thread to another.

import { type ChartVersion, parseChartVersion } from "./chart-version.ts";
import { type DatedVersion, type ListedChart, newestOfEach, pack, parseListed } from "./listed-version.ts";

/** `index`: index.yaml, in YAML or JSON. `museum`: ChartMuseum's `/api/charts`, which is the value of `entries` in JSON. */
export type Layout = "index" | "museum";

export interface IndexQuery {
  readonly layout: Layout;
  /** The charts whose whole entries are wanted; every chart's versions in short when absent. */
  readonly charts?: readonly string[];
}

export type IndexContent =
  /** Every version of every chart that has any, as listed. */
  | { readonly kind: "listed"; readonly charts: readonly ListedChart[] }
  /** Every version of each of the charts asked for, as listed. */
  | { readonly kind: "charts"; readonly charts: ReadonlyMap<string, readonly ChartVersion[]> }
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
  /** By chart, when only some are asked for. */
  readonly #whole: ReadonlyMap<string, ChartVersion[]> | undefined;
  readonly #charts: ListedChart[] = [];
  #listing: { readonly chart: string; readonly versions: DatedVersion[] } | undefined;

  constructor({ charts }: IndexQuery) {
    this.#whole = charts && new Map(charts.map((chart) => [chart, []]));
  }

  wants(chart: string): boolean {
    return this.#whole?.has(chart) ?? true;
  }

  list(chart: string, version: DatedVersion): void {
    if (this.#listing?.chart !== chart) this.#packListed();
    this.#listing ??= { chart, versions: [] };
    this.#listing.versions.push(version);
  }

  /** Leaves out what has no name or version, as Helm does. */
  add(chart: string, entry: unknown): void {
    if (!this.wants(chart)) return;
    const listed = this.#whole === undefined ? parseListed(entry) : undefined;
    const version = this.#whole === undefined ? undefined : parseChartVersion(entry);
    if (listed !== undefined) this.list(chart, listed);
    if (version !== undefined) this.#whole?.get(chart)?.push(version);
  }

  content(): IndexContent {
    this.#packListed();
    if (this.#whole === undefined) return { kind: "listed", charts: this.#charts };
    const charts = [...this.#whole].map(([chart, versions]) => [chart, newest(versions)] as const);
    return { kind: "charts", charts: new Map(charts) };
  }

  #packListed(): void {
    if (this.#listing !== undefined) this.#charts.push(pack(this.#listing));
    this.#listing = undefined;
  }
}

function newest(versions: readonly ChartVersion[]): readonly ChartVersion[] {
  return newestOfEach(
    versions,
    ({ metadata }) => metadata.version,
    ({ created }) => created,
  );
}
