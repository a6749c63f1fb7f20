// The numbers of a report, worked out by hand from made-up histories.

import { expect, test } from "@jest/globals";
import type { EventFacts, HistoryEvent, HistoryKind } from "../../../src/domain/model/history.ts";
import { reportOf } from "../../../src/domain/report/lead-times.ts";

const MINUTE = 60;
const WEEK = { since: new Date("2026-11-01T00:00:00Z"), until: new Date("2026-11-08T00:00:00Z") };

/** `minute`: since the begin of the period. */
function event(kind: HistoryKind, minute: number, facts: EventFacts): HistoryEvent {
  const place = kind === "published" ? {} : { repositoryId: 1, environment: "dev" };
  const at = new Date(WEEK.since.getTime() + minute * 60_000);
  return { id: `${kind}/${minute}`, kind, at, ...place, facts };
}

const of = (version: string): EventFacts => ({ chart: "xposer", version });
const moved = (to: string, deployers = 1): EventFacts => ({
  moves: [{ chart: "xposer", from: "0", to }],
  deployers,
});

/** Published, proposed, merged and ended at these minutes. */
function way(
  version: string,
  [published, proposed, merged, ended]: readonly number[],
  end: HistoryKind = "deployed",
) {
  return [
    event("published", published ?? 0, of(version)),
    event("proposed", proposed ?? 0, of(version)),
    event("merged", merged ?? 0, moved(version)),
    event(end, ended ?? 0, moved(version)),
  ];
}

test("one version's way is its steps, and the whole", () => {
  expect(reportOf(way("1.0.0", [0, 1, 61, 71]), WEEK)).toEqual([
    {
      ...{ repositoryId: 1, environment: "dev", chart: "xposer" },
      publishToPullRequest: { median: MINUTE, p90: MINUTE, count: 1 },
      pullRequestToMerge: { median: 60 * MINUTE, p90: 60 * MINUTE, count: 1 },
      mergeToDeployed: { median: 10 * MINUTE, p90: 10 * MINUTE, count: 1 },
      publishToDeployed: { median: 71 * MINUTE, p90: 71 * MINUTE, count: 1 },
      ...{ deployed: 1, failed: 0, deployedPerWeek: 1, failureRate: 0 },
    },
  ]);
});

test("of ten versions the median is the fifth, and the ninth is what nine of ten do not exceed", () => {
  const ways = Array.from({ length: 10 }, (_, n) =>
    way(`1.0.${n}`, [n * 100, n * 100, n * 100, n * 100 + n + 1]),
  );
  const [row] = reportOf(ways.flat().toReversed(), WEEK);
  expect(row?.publishToDeployed).toEqual({ median: 5 * MINUTE, p90: 9 * MINUTE, count: 10 });
  expect(row?.deployedPerWeek).toBe(10);
});

test("a failure counts, and lasts until the environment is deployed well", () => {
  const events = [...way("1.0.0", [0, 1, 2, 3], "failed"), ...way("1.0.1", [10, 11, 12, 33])];
  expect(reportOf(events, WEEK)).toMatchObject([
    { deployed: 1, failed: 1, failureRate: 0.5, timeToRestore: { median: 30 * MINUTE, count: 1 } },
  ]);
});

test("a failure that nothing followed yet is not restored", () => {
  const [row] = reportOf(way("1.0.0", [0, 1, 2, 3], "failed"), WEEK);
  expect(row).toMatchObject({ deployed: 0, failed: 1, failureRate: 1, deployedPerWeek: 0 });
  expect(row).not.toHaveProperty("timeToRestore");
});

test("where nobody is told, a merge is all there is", () => {
  const events = [event("published", 0, of("1.0.0")), event("merged", 5, moved("1.0.0", 0))];
  expect(reportOf(events, WEEK)).toMatchObject([{ deployed: 1, publishToDeployed: { median: 5 * MINUTE } }]);
});

test("what was published before the period counts from there, what ended outside of it does not count", () => {
  const early = way("1.0.0", [-100, -99, 1, 2]);
  const late = way("1.0.1", [0, 1, 2, 7 * 24 * 60]);
  expect(reportOf([...early, ...late], WEEK)).toMatchObject([
    { deployed: 1, publishToDeployed: { median: 102 * MINUTE, count: 1 } },
  ]);
  expect(reportOf([...way("1.0.2", [-9, -8, -7, -6])], WEEK)).toEqual([]);
});

test("a version that nobody announced has no publish to count from", () => {
  const [row] = reportOf([event("merged", 1, moved("2.0.0")), event("deployed", 2, moved("2.0.0"))], WEEK);
  expect(row).toMatchObject({ deployed: 1, mergeToDeployed: { median: MINUTE } });
  expect(row).not.toHaveProperty("publishToDeployed");
});

test("by environment, a deployment counts once, whatever it moves", () => {
  const moves = ["xposer", "other"].map((chart) => ({ chart, from: "0", to: "1.0.0" }));
  const events = [
    event("published", 0, of("1.0.0")),
    event("merged", 1, { moves, deployers: 1 }),
    event("deployed", 3, { moves }),
  ];
  expect(reportOf(events, { ...WEEK, by: "environment" })).toMatchObject([
    { chart: "", deployed: 1, failed: 0, mergeToDeployed: { count: 2 }, publishToDeployed: { count: 1 } },
  ]);
  expect(reportOf(events, WEEK).map(({ chart, deployed }) => `${chart} ${deployed}`)).toEqual([
    "other 1",
    "xposer 1",
  ]);
});
