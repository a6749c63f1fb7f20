// ChartMuseum's in-memory index, the source of its responses; it lags a moment behind its storage.

import { coerce, compare, compareBuild, satisfies, validRange } from "semver";
import type { ChartFile } from "./read-chart.ts";

/** A ChartVersion as ChartMuseum and index.yaml print it. */
export interface IndexEntry {
  readonly name: string;
  readonly version: string;
  readonly urls: readonly string[];
  readonly created: string;
  /** Bare hex sha256. */
  readonly digest: string;
  readonly [key: string]: unknown;
}

/** The result of a look-up; `problem`: text of the 404. */
export type Match =
  | { readonly kind: "match"; readonly entry: IndexEntry }
  | { readonly kind: "none"; readonly problem: string };

export class ChartIndex {
  readonly #entries = new Map<string, IndexEntry[]>();

  /** Entries by chart name, names sorted, newest version first. */
  get entries(): { readonly [name: string]: readonly IndexEntry[] } {
    const sorted = [...this.#entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted);
  }

  put(chart: ChartFile, { url, created }: { readonly url: string; readonly created: Date }): void {
    this.remove(chart.name, chart.version);
    const entry = {
      ...chart.metadata,
      name: chart.name,
      version: chart.version,
      urls: [url],
      created: created.toISOString(),
      digest: chart.digest,
    };
    const entries = [...(this.#entries.get(chart.name) ?? []), entry];
    this.#entries.set(
      chart.name,
      entries.toSorted((a, b) => newestFirst(a.version, b.version)),
    );
  }

  remove(name: string, version: string): void {
    const left = this.of(name).filter((entry) => entry.version !== version);
    if (left.length === 0) this.#entries.delete(name);
    else this.#entries.set(name, left);
  }

  of(name: string): readonly IndexEntry[] {
    return this.#entries.get(name) ?? [];
  }

  /** Helm's IndexFile.Get: the exact text first, else the newest version that the text admits as a range. */
  match(name: string, wanted: string): Match {
    const entries = this.of(name);
    if (entries.length === 0) return { kind: "none", problem: "no chart name found" };
    const exact = entries.find(({ version }) => version === wanted);
    if (exact !== undefined) return { kind: "match", entry: exact };
    const range = validRange(wanted === "latest" || wanted === "" ? "*" : wanted.replaceAll(",", " "));
    if (range === null) return { kind: "none", problem: `improper constraint: "${wanted}"` };
    const admitted = entries.find(({ version }) => satisfies(semverOf(version), range));
    if (admitted !== undefined) return { kind: "match", entry: admitted };
    return { kind: "none", problem: `no chart version found for ${name}-${wanted}` };
  }
}

function newestFirst(a: string, b: string): number {
  return compare(semverOf(b), semverOf(a)) || compareBuild(semverOf(b), semverOf(a));
}

/** Helm reads `1.2` and `v1.2.3` as versions too. */
function semverOf(version: string): string {
  return coerce(version, { includePrerelease: true })?.version ?? "0.0.0";
}
