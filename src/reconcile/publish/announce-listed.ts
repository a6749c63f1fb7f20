// Announces versions that a poll found for the first time.

import { randomUUID } from "node:crypto";
import type { ListedVersion } from "../../domain/model/chart/listed-version.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Deps } from "../context.ts";
import { chartWork } from "../keys.ts";

type ListedChart = readonly [chart: string, versions: readonly ListedVersion[]];

export interface AnnouncingContext {
  readonly repository: ChartRepository;
  /** The first poll is the baseline: nothing it finds is announced. */
  readonly isFirst: boolean;
  readonly deps: Pick<Deps, "store" | "clock" | "log">;
}

/**
 * `added`: versions that count as seen from now on. `isSettled`: false when a version has another digest than its
 * pending announcement; it counts as seen only after verification has found which one is right.
 */
export async function announceListed(
  listed: Iterable<ListedChart>,
  { repository, isFirst, deps }: AnnouncingContext,
): Promise<{ readonly added: ReadonlyMap<string, readonly string[]>; readonly isSettled: boolean }> {
  const added = new Map<string, readonly string[]>();
  let isSettled = true;
  for (const some of batches(listed)) {
    for (const [chart, versions] of await unseen(repository.name, some, deps)) {
      const seen = isFirst ? versions : await announceVersions(chart, versions, { repository, deps });
      isSettled &&= seen.length === versions.length;
      added.set(
        chart,
        seen.map(({ version }) => version),
      );
    }
  }
  return { added, isSettled };
}

/** Charts at a time: an index may be so large that a second copy in memory matters. */
const BATCH = 25;

function* batches(charts: Iterable<ListedChart>): Generator<readonly ListedChart[]> {
  let batch: ListedChart[] = [];
  for (const chart of charts) {
    batch.push(chart);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** Those of these charts that have versions which no poll has seen. */
async function unseen(
  repository: string,
  charts: readonly ListedChart[],
  { store }: Pick<AnnouncingContext["deps"], "store">,
): Promise<readonly ListedChart[]> {
  const seen = await store.polls.seen(
    repository,
    charts.map(([chart]) => chart),
  );
  return charts
    .map(([chart, versions]) => {
      const fresh = versions.filter(({ version }) => seen.get(chart)?.has(version) !== true);
      return [chart, fresh] as const;
    })
    .filter(([, versions]) => versions.length > 0);
}

interface FoundVersion {
  readonly chart: string;
  readonly version: string;
  readonly digest: string | undefined;
}

/** Returns the versions that count as seen. */
async function announceVersions(
  chart: string,
  versions: ListedChart[1],
  { repository, deps }: Pick<AnnouncingContext, "repository" | "deps">,
): Promise<ListedChart[1]> {
  const seen: ListedChart[1][number][] = [];
  for (const one of versions) {
    const { version, digest } = one;
    if (await announce({ chart, version, digest }, repository, deps)) seen.push(one);
  }
  return seen;
}

/** False when the announcement has another digest and is not verified yet. */
async function announce(
  { digest, ...chart }: FoundVersion,
  repository: ChartRepository,
  { store, clock, log }: AnnouncingContext["deps"],
): Promise<boolean> {
  const announcement = {
    ...chart,
    ...(digest !== undefined && { digest }),
    repository: repository.name,
    values: {},
    source: {},
    publisher: `poll:${repository.name}`,
  };
  const { kind, publish } = await store.publishes.accept(announcement, {
    ...{ id: randomUUID(), at: clock() },
    workFor: (kept) => chartWork(kept.publish, "upkeep"),
  });
  if (kind !== "conflict") return true;
  const about = { ...chart, repository: repository.name, announced: publish.digest, listed: digest };
  log.warn(about, "listed with another digest than it was announced with");
  return publish.state !== "accepted";
}
