// The query for an index and its result. All of it can be passed between threads.

import { parseVersion } from "../../../domain/versions/version.ts";
import { type ChartVersion, parseChartVersion, text } from "../chart-version.ts";
import {
  type DatedVersion,
  type ListedChart,
  newestOfEach,
  parseListed,
  serialise,
} from "./listed-version.ts";

/**
 * `index`: index.yaml, in YAML or JSON. `museum`: ChartMuseum's `/api/charts`, which is the value of `entries` in JSON.
 */
export type IndexLayout = "index" | "museum";

export interface IndexQuery {
  readonly layout: IndexLayout;
  /** The charts whose complete entries are wanted; absent: a short form of every chart's versions. */
  readonly charts?: readonly string[];
}

export type IndexContent =
  /** Every version of every chart, as listed. */
  | ({ readonly kind: "listed"; readonly charts: readonly ListedChart[] } & LeftOut)
  /** Every version of each of the requested charts, as listed. */
  | ({ readonly kind: "charts"; readonly charts: ReadonlyMap<string, readonly ChartVersion[]> } & LeftOut)
  | BadIndex;

interface LeftOut {
  /** Entries that cannot be used, in order; only the first of very many. Absent when there are none. */
  readonly unsupported?: readonly UnsupportedEntry[];
}

export interface UnsupportedEntry {
  /** The key under `entries`. */
  readonly chart: string;
  /** A sentence without its end: "an entry calls itself b 1.0.0". */
  readonly because: string;
}

const MOST_ODD = 20;

/** `reason` continues the sentence "The index …". */
export interface BadIndex {
  readonly kind: "bad";
  readonly reason: string;
}

export function badIndex(reason: string): BadIndex {
  return { kind: "bad", reason };
}

/** Collects entries, chart by chart. */
export class FoundEntries {
  /** By chart, when only some are requested. */
  readonly #whole: ReadonlyMap<string, ChartVersion[]> | undefined;
  readonly #charts = new Map<string, ListedChart>();
  readonly #unsupported: UnsupportedEntry[] = [];
  #listing: { readonly chart: string; readonly versions: DatedVersion[] } | undefined;

  constructor({ charts }: IndexQuery) {
    this.#whole = charts && new Map(charts.map((chart) => [chart, []]));
  }

  wants(chart: string): boolean {
    return this.#whole?.has(chart) ?? true;
  }

  list(chart: string, version: DatedVersion): void {
    if (this.#listing?.chart !== chart) this.#serialiseListed();
    this.#listing ??= { chart, versions: [] };
    this.#listing.versions.push(version);
  }

  /** Skips unusable entries, as Helm does or would fail on later. */
  add(chart: string, entry: unknown): void {
    if (!this.wants(chart) || entry === null) return;
    const because = oddity(chart, entry);
    if (because !== undefined) {
      if (this.#unsupported.length < MOST_ODD) this.#unsupported.push({ chart, because });
      return;
    }
    const listed = this.#whole === undefined ? parseListed(entry) : undefined;
    const version = this.#whole === undefined ? undefined : parseChartVersion(entry);
    if (listed !== undefined) this.list(chart, listed);
    if (version !== undefined) this.#whole?.get(chart)?.push(version);
  }

  /** Removes the entries of a chart whose key occurs a second time. */
  forget(chart: string): void {
    if (this.#listing?.chart === chart) this.#listing = undefined;
    this.#charts.delete(chart);
    this.#whole?.get(chart)?.splice(0);
  }

  content(): IndexContent {
    this.#serialiseListed();
    const unsupported = this.#unsupported.length > 0 ? { unsupported: this.#unsupported } : {};
    if (this.#whole === undefined)
      return { kind: "listed", charts: [...this.#charts.values()], ...unsupported };
    const charts = [...this.#whole].map(([chart, versions]) => [chart, newest(versions)] as const);
    return { kind: "charts", charts: new Map(charts), ...unsupported };
  }

  #serialiseListed(): void {
    if (this.#listing !== undefined) this.#charts.set(this.#listing.chart, serialise(this.#listing));
    this.#listing = undefined;
  }
}

/**
 * Why Helm cannot use the entry: it skips entries without name or version, and does not find those with another name.
 */
function oddity(chart: string, entry: unknown): string | undefined {
  const { name: calls, version: has } = Object(entry);
  const [name, version] = [text(calls), text(has)];
  if (name === undefined || version === undefined) return "an entry has no name or no version";
  if (name !== chart) return `an entry calls itself ${name} ${version}`;
  return parseVersion(version) ? undefined : `the version of an entry, "${version}", is no semantic version`;
}

function newest(versions: readonly ChartVersion[]): readonly ChartVersion[] {
  return newestOfEach(
    versions,
    ({ metadata }) => metadata.version,
    ({ created }) => created,
  );
}
