// One index.yaml shared by look-ups: concurrent look-ups share one download, and its content is cached while it cannot
// mislead.

import { setTimeout as sleep } from "node:timers/promises";
import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import type { ChartVersion } from "../chart-version.ts";
import type { Unreachable } from "../http/unreachable.ts";
import type { UnsupportedEntry } from "./index-content.ts";
import { indexUnreachable, readIndexFile } from "./index-file.ts";

/** Every version of one chart in the index; empty when it has no such chart. */
export interface ChartInIndex {
  readonly kind: "read";
  readonly versions: readonly ChartVersion[];
  /** When the request began. */
  readonly begun: Date;
  /** The request, for messages. */
  readonly requested: string;
  /** Why entries of the chart were left out, a sentence without its end for each. */
  readonly unsupported: readonly string[];
}

/** Cached charts of the index. */
interface CachedIndex {
  readonly kind: "excerpt";
  readonly charts: ReadonlyMap<string, readonly ChartVersion[]>;
  readonly unsupported: readonly UnsupportedEntry[];
  readonly begun: Date;
  readonly requested: string;
  readonly etag: string | undefined;
  /** Time of the download; since then the server may have confirmed it with a 304. */
  readonly downloaded: Date;
}

interface Download {
  readonly charts: Set<string>;
  readonly done: Promise<CachedIndex | Unreachable>;
}

/** Look-ups within this time share a download. */
const GATHER_MS = 20;
/** Maximum age of a cached answer for callers that do not need a current one. */
const YOUNG_MS = 5_000;
/** How long 304 responses are relied on; then the index is downloaded again. */
const VOUCHED_MS = 5 * 60_000;
/** The most versions that are cached, of the charts requested last. */
const MOST_KEPT = 1_000;

export class SharedIndex {
  readonly #repository: ChartRepository;
  #kept: CachedIndex | undefined;
  #running: Download | undefined;
  /** The download to join: it has not begun. */
  #next: Download | undefined;

  constructor(repository: ChartRepository) {
    this.#repository = repository;
  }

  /** A cached answer, whose request began before this call, is returned only if `isEnough` accepts it. */
  async read(chart: string, isEnough: (had: ChartInIndex) => boolean): Promise<ChartInIndex | Unreachable> {
    const kept = this.#kept;
    if (kept?.charts.has(chart) && isWithin(YOUNG_MS, kept.begun) && isEnough(chartIn(kept, chart)))
      return chartIn(kept, chart);
    const running = this.#running?.charts.has(chart) ? await this.#running.done : undefined;
    if (running?.kind === "unreachable") return running;
    if (running && isEnough(chartIn(running, chart))) return chartIn(running, chart);
    this.#next ??= this.#prepare();
    this.#next.charts.add(chart);
    const fresh = await this.#next.done;
    return fresh.kind === "unreachable" ? fresh : chartIn(fresh, chart);
  }

  #prepare(): Download {
    const charts = new Set<string>();
    const whenIdle = Promise.allSettled([this.#running?.done, sleep(GATHER_MS)]);
    const done = whenIdle.then(() => {
      this.#running = this.#next;
      this.#next = undefined;
      return this.#download(charts).finally(() => {
        this.#running = undefined;
      });
    });
    return { charts, done };
  }

  async #download(charts: ReadonlySet<string>): Promise<CachedIndex | Unreachable> {
    const begun = new Date();
    const known = this.#kept;
    const revalidated =
      known &&
      isWithin(VOUCHED_MS, known.downloaded) &&
      [...charts].every((chart) => known.charts.has(chart));
    const headers = revalidated && known.etag !== undefined ? { "if-none-match": known.etag } : {};
    const all = [...new Set([...charts, ...(known?.charts.keys() ?? [])])];
    const file = await readIndexFile(this.#repository, { charts: all, headers });
    const { answer, content } = file;
    if (answer.kind === "answer" && answer.status === 304 && revalidated)
      return this.#keep({ ...known, begun });
    if (content?.kind !== "charts" || answer.kind === "failed")
      return indexUnreachable(this.#repository, file);
    const { requested, headers: received } = answer;
    return this.#keep({
      kind: "excerpt",
      charts: content.charts,
      unsupported: content.unsupported ?? [],
      begun,
      requested,
      etag: received.get("etag"),
      downloaded: begun,
    });
  }

  #keep(excerpt: CachedIndex): CachedIndex {
    const charts = new Map<string, readonly ChartVersion[]>();
    let size = 0;
    for (const [chart, versions] of excerpt.charts) {
      size += 1 + versions.length;
      if (size <= MOST_KEPT) charts.set(chart, versions);
    }
    this.#kept = { ...excerpt, charts };
    return excerpt;
  }
}

function chartIn({ charts, unsupported, begun, requested }: CachedIndex, chart: string): ChartInIndex {
  const ofChart = unsupported.filter((entry) => entry.chart === chart).map(({ because }) => because);
  return { kind: "read", versions: charts.get(chart) ?? [], begun, requested, unsupported: ofChart };
}

function isWithin(ms: number, since: Date): boolean {
  return Date.now() - since.getTime() <= ms;
}
