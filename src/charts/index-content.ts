// What is wanted of an index, and what was found in it.

import { type ChartVersion, parseChartVersion } from "./chart-version.ts";
import { own } from "./own.ts";

/** `index`: index.yaml, in YAML or JSON. `museum`: ChartMuseum's `/api/charts`, which is the value of `entries` in JSON. */
export type Layout = "index" | "museum";

export interface IndexQuery {
  readonly layout: Layout;
  /** The chart whose whole entries are wanted; every chart's versions in short when absent. */
  readonly chart?: string;
}

/** What a poll needs of one version: enough to see that it is new, or that its archive was replaced. */
export interface ListedVersion {
  readonly version: string;
  /** `sha256:` and 64 lowercase hex digits; absent when the repository does not say. */
  readonly digest?: string;
  readonly created?: Date;
}

export type IndexContent =
  /** Every version of every chart that has any, as listed. */
  | { readonly kind: "listed"; readonly versions: ReadonlyMap<string, readonly ListedVersion[]> }
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

/** Collects entries chart by chart. */
export class FoundEntries {
  /** The only chart of interest; all are when absent. */
  readonly chart: string | undefined;
  readonly #listed = new Map<string, ListedVersion[]>();
  readonly #versions: ChartVersion[] = [];

  constructor({ chart }: IndexQuery) {
    this.chart = chart;
  }

  wants(chart: string): boolean {
    return this.chart === undefined || this.chart === chart;
  }

  list(chart: string, version: ListedVersion): void {
    const versions = this.#listed.get(chart);
    if (versions === undefined) this.#listed.set(chart, [version]);
    else versions.push(version);
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
    if (this.chart !== undefined)
      return { kind: "chart", versions: newestOfEach(this.#versions, ({ metadata }) => metadata.version) };
    const byChart = [...this.#listed].map(
      ([chart, versions]) => [chart, newestOfEach(versions, textOf)] as const,
    );
    return { kind: "listed", versions: new Map(byChart) };
  }
}

function textOf({ version }: ListedVersion): string {
  return version;
}

/** Nothing when the entry has no name or version. */
export function parseListed(entry: unknown): ListedVersion | undefined {
  const version = parseChartVersion(entry);
  if (version === undefined) return undefined;
  const { metadata, digest, created } = version;
  return {
    version: metadata.version,
    ...(digest !== undefined && { digest: own(digest) }),
    ...(created !== undefined && { created }),
  };
}

/** ChartMuseum may list one version twice (helm/chartmuseum issue 450): the one created last counts. */
function newestOfEach<T extends { readonly created?: Date }>(
  entries: readonly T[],
  versionOf: (entry: T) => string,
): readonly T[] {
  const newest = new Map<string, T>();
  for (const entry of entries) {
    const known = newest.get(versionOf(entry));
    if (known === undefined || createdAt(entry) > createdAt(known)) newest.set(versionOf(entry), entry);
  }
  return newest.size === entries.length ? entries : [...newest.values()];
}

function createdAt({ created }: { readonly created?: Date }): number {
  return created?.getTime() ?? 0;
}
