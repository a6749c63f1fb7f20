// Delivery metrics per chart and environment: DORA's four key metrics (https://dora.dev/guides/dora-metrics), as far as
// promotions show them.

import type { HistoryEvent } from "../model/history.ts";

/** In seconds. */
export interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly count: number;
}

export interface ReportRow {
  readonly repositoryId: number;
  readonly environment: string;
  /** Empty when the row covers all charts of the environment. */
  readonly chart: string;
  /** From publish to pull request, from pull request to merge, from merge to deployment; and in total. */
  readonly publishToPullRequest?: Spread;
  readonly pullRequestToMerge?: Spread;
  readonly mergeToDeployed?: Spread;
  readonly publishToDeployed?: Spread;
  /** Successful deployments, each counted once however many charts it changed. */
  readonly deployed: number;
  readonly failed: number;
  readonly deployedPerWeek: number;
  /** Share of the ended deployments; absent when none has ended. */
  readonly failureRate?: number;
  /** From a failure to the next successful deployment of the environment. */
  readonly timeToRestore?: Spread;
}

interface Period {
  readonly since: Date;
  readonly until: Date;
  /** What a row covers; default: a chart in an environment. */
  readonly by?: "chart" | "environment";
}

/** `events`: also from before the period, so that lead times start at the publish. Sorted by name. */
export function reportOf(events: readonly HistoryEvent[], period: Period): readonly ReportRow[] {
  return inOrder([...reportRows(events, period)].flatMap((row) => row ?? []));
}

/**
 * The same in steps and in any order, so that the caller can yield to the event loop: `undefined` for a step without a
 * finished row.
 */
export function* reportRows(
  events: readonly HistoryEvent[],
  period: Period,
): Generator<ReportRow | undefined, void, undefined> {
  const published = firstTimes(events.filter(({ kind }) => kind === "published"));
  yield undefined;
  const here = events.filter(({ repositoryId }) => repositoryId !== undefined);
  const isOfEnvironment = period.by === "environment";
  const groups = new Map<string, PlacedEvent[]>();
  for (const [index, event] of here.entries()) {
    for (const placed of places(event)) {
      const place = [event.repositoryId, event.environment, isOfEnvironment ? "" : placed.chart];
      const name = JSON.stringify(place);
      const group = groups.get(name);
      if (group) group.push(placed);
      else groups.set(name, [placed]);
    }
    if (index % GROUPED_AT_ONCE === GROUPED_AT_ONCE - 1) yield undefined;
  }
  for (const group of groups.values()) yield rowOf(group, published, period);
}

const GROUPED_AT_ONCE = 500;

/** Sorted by name. */
export function inOrder(rows: readonly ReportRow[]): readonly ReportRow[] {
  const named = rows.map((row) => ({ row, name: nameOf(row) }));
  return named.toSorted((one, other) => (one.name < other.name ? -1 : 1)).map(({ row }) => row);
}

interface PlacedEvent {
  readonly event: HistoryEvent;
  readonly chart: string;
  readonly version: string;
}

/** One for each chart that the event concerns. */
function places(event: HistoryEvent): readonly PlacedEvent[] {
  const { chart, version, moves = [] } = event.facts;
  const about = chart === undefined ? moves.map((move) => [move.chart, move.to]) : [[chart, version ?? ""]];
  return about.map(([name = "", to = ""]) => ({ event, chart: name, version: to }));
}

function rowOf(
  group: readonly PlacedEvent[],
  published: ReadonlyMap<string, number>,
  period: Period,
): ReportRow | undefined {
  const [first] = group;
  if (!first) return undefined;
  const isOut = ({ event }: PlacedEvent) => event.kind === "deployed" || isUnattended(event);
  const within = ({ event: { at } }: PlacedEvent) => at >= period.since && at < period.until;
  const out = group.filter((one) => isOut(one) && within(one));
  const deployed = count(out);
  const failures = group.filter((one) => one.event.kind === "failed" && within(one));
  const failed = count(failures);
  if (deployed + failed === 0) return undefined;
  const { repositoryId = 0, environment = "" } = first.event;
  const weeks = (period.until.getTime() - period.since.getTime()) / (7 * 86_400_000);
  const restored = failures.flatMap((one) => timeAfter(one, group.filter(isOut)) ?? []);
  return {
    ...{ repositoryId, environment, chart: period.by === "environment" ? "" : first.chart },
    ...steps(out, group, published),
    ...{ deployed, failed },
    deployedPerWeek: rounded(deployed / weeks),
    failureRate: rounded(failed / (deployed + failed)),
    ...(restored.length > 0 && { timeToRestore: spread(restored) }),
  };
}

function count(some: readonly PlacedEvent[]): number {
  return new Set(some.map(({ event }) => event.id)).size;
}

/** Without a deployer a merge counts as the deployment. */
function isUnattended({ kind, facts }: HistoryEvent): boolean {
  return kind === "merged" && facts.deployers === 0;
}

function steps(
  deployed: readonly PlacedEvent[],
  group: readonly PlacedEvent[],
  published: ReadonlyMap<string, number>,
): Partial<ReportRow> {
  const proposed = firstTimes(group.filter(({ event }) => event.kind === "proposed").map(named));
  const merged = firstTimes(group.filter(({ event }) => event.kind === "merged").map(named));
  const first = firstTimes(deployed.map(named));
  const between = (from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>) =>
    [...first.keys()].flatMap((version) => {
      const [begin, end] = [from.get(version), to.get(version)];
      return begin === undefined || end === undefined || end < begin ? [] : [(end - begin) / 1000];
    });
  const found = {
    publishToPullRequest: between(published, proposed),
    pullRequestToMerge: between(proposed, merged),
    mergeToDeployed: between(merged, first),
    publishToDeployed: between(published, first),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, times]) => (times.length > 0 ? [[name, spread(times)]] : [])),
  );
}

function named({ event, chart, version }: PlacedEvent): HistoryEvent {
  return { ...event, facts: { chart, version } };
}

/** Milliseconds, by chart and version. */
function firstTimes(events: readonly HistoryEvent[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { at, facts } of events) {
    const name = `${facts.chart}@${facts.version}`;
    times.set(name, Math.min(at.getTime(), times.get(name) ?? Number.POSITIVE_INFINITY));
  }
  return times;
}

/** In seconds; `undefined` when none has followed yet. */
function timeAfter({ event }: PlacedEvent, out: readonly PlacedEvent[]): number | undefined {
  const later = out.map((one) => one.event.at.getTime()).filter((at) => at > event.at.getTime());
  return later.length === 0 ? undefined : (Math.min(...later) - event.at.getTime()) / 1000;
}

/** Percentile by the nearest-rank method. */
function spread(times: readonly number[]): Spread {
  const sorted = times.toSorted((one, other) => one - other);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { median: rounded(rank(0.5)), p90: rounded(rank(0.9)), count: sorted.length };
}

function rounded(number: number): number {
  return Math.round(number * 1000) / 1000;
}

function nameOf({ repositoryId, environment, chart }: ReportRow): string {
  return JSON.stringify([repositoryId, environment, chart]);
}
