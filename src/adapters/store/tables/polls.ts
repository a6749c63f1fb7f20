// The record of chart repository polls: every version ever seen, and the validator (ETag) of the last successful
// listing.

import { setImmediate } from "node:timers/promises";
import type { FailingPoll, PollKey, Polls } from "../../../reconcile/ports/store/polls.ts";
import * as column from "../columns.ts";
import { chunks, type Database, type Queries } from "../database.ts";
import type { Schema } from "../schema.ts";

export function createPolls(database: Database): Polls {
  const { read } = database;
  return {
    isPolled: async (key) => (await stateOf(read, key))?.polled === 1,
    seen: (repository, charts) => seen(read, repository, charts),
    add: (key, versions) => add(database, key, versions),
    validator: async (key) => (await stateOf(read, key))?.validator ?? undefined,
    setValidator: (key, validator) => database.write((db) => setState(db, key, { validator })),
    fail: (key, problem, at) => database.write((db) => fail(db, { ...key, problem, since: at })),
    recover: async (key) => {
      const isFailing = ((await stateOf(read, key))?.problem ?? null) !== null;
      if (isFailing) await database.write((db) => setState(db, key, HEALTHY));
      return isFailing;
    },
    keepFailing: (repository, charts) => database.write((db) => keepFailing(db, repository, charts)),
    failing: () => failing(read),
  };
}

type Seen = Schema["seen"];
type PollState = Schema["poll_states"];

const HEALTHY = { problem: null, failing_since: null };
const UNKNOWN = { polled: 0, validator: null, ...HEALTHY };

function stateOf(db: Queries, { repository, chart = "" }: PollKey): Promise<PollState | undefined> {
  return db
    .selectFrom("poll_states")
    .selectAll()
    .where("repository", "=", repository)
    .where("chart", "=", chart)
    .executeTakeFirst();
}

async function setState(
  db: Queries,
  { repository, chart = "" }: PollKey,
  state: Partial<Omit<PollState, "repository" | "chart">>,
): Promise<void> {
  await db
    .insertInto("poll_states")
    .values({ ...UNKNOWN, ...state, repository, chart })
    .onConflict((conflict) => conflict.columns(["repository", "chart"]).doUpdateSet(state))
    .execute();
}

async function seen(
  db: Queries,
  repository: string,
  charts: readonly string[] | undefined,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (charts?.length === 0) return new Map(); // PostgreSQL has no empty list
  await setImmediate(); // SQLite answers synchronously: repeated calls would block the event loop
  const ofRepository = db
    .selectFrom("seen")
    .select(["chart", "version"])
    .where("repository", "=", repository);
  const rows = await (charts === undefined
    ? ofRepository
    : ofRepository.where("chart", "in", charts)
  ).execute();
  const versions = new Map<string, Set<string>>();
  for (const { chart, version } of rows) {
    const ofChart = versions.get(chart);
    if (ofChart === undefined) versions.set(chart, new Set([version]));
    else ofChart.add(version);
  }
  return versions;
}

/** In many small transactions, so that a large index does not block other work. */
async function add(
  database: Database,
  key: PollKey,
  versions: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const { repository } = key;
  for (const some of chunks([...versions], CHARTS_AT_ONCE)) {
    const rows = some.flatMap(([chart, list]) => list.map((version) => ({ repository, chart, version })));
    for (const values of chunks(rows)) await database.write((db) => insert(db, values));
  }
  await database.write((db) => setState(db, key, { polled: 1 }));
}

const CHARTS_AT_ONCE = 100;

async function insert(db: Queries, values: readonly Seen[]): Promise<void> {
  await db
    .insertInto("seen")
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function fail(db: Queries, { problem, since, ...key }: FailingPoll): Promise<void> {
  const known = await stateOf(db, key);
  await setState(db, key, {
    problem: JSON.stringify(problem),
    failing_since: known?.failing_since ?? since.getTime(),
  });
}

async function keepFailing(db: Queries, repository: string, charts: readonly string[]): Promise<void> {
  const polled = new Set(charts);
  const failed = (await failing(db)).filter((poll) => poll.repository === repository);
  for (const { chart = "" } of failed)
    if (!polled.has(chart)) await setState(db, { repository, chart }, HEALTHY);
}

async function failing(db: Queries): Promise<readonly FailingPoll[]> {
  const rows = await db
    .selectFrom("poll_states")
    .select(["repository", "chart", "problem", "failing_since"])
    .where("problem", "is not", null)
    .orderBy("repository")
    .orderBy("chart")
    .execute();
  return rows.map(({ repository, chart, problem, failing_since: since }) => ({
    repository,
    ...(chart !== "" && { chart }),
    problem: column.problem(problem ?? ""),
    since: column.date(since ?? 0),
  }));
}
