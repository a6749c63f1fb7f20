// What polls of the chart repositories saw: every version ever seen, and the validator of the last good index.

import { setImmediate } from "node:timers/promises";
import * as column from "./columns.ts";
import { chunks, type Database, type Queries } from "./database.ts";
import type { Schema } from "./schema.ts";
import type { FailingPoll, Polls } from "./store.ts";

export function createPolls(database: Database): Polls {
  const { read } = database;
  return {
    seen: (repository, charts) => seen(read, repository, charts),
    add: (repository, versions) => add(database, repository, versions),
    validator: async (repository) => {
      const row = await read
        .selectFrom("polls")
        .select("validator")
        .where("repository", "=", repository)
        .executeTakeFirst();
      return row?.validator ?? undefined;
    },
    setValidator: (repository, etag) => database.write((db) => setValidator(db, repository, etag)),
    fail: (repository, problem, at) => database.write((db) => fail(db, { repository, problem, since: at })),
    recover: async (repository) => {
      const isFailing = (await failing(read)).some((poll) => poll.repository === repository);
      if (isFailing) await database.write((db) => recover(db, repository));
      return isFailing;
    },
    failing: () => failing(read),
  };
}

type Seen = Schema["seen"];

const UNKNOWN = { polled: 0, validator: null, problem: null, failing_since: null };

async function seen(
  db: Queries,
  repository: string,
  charts: readonly string[] | undefined,
): Promise<ReadonlyMap<string, ReadonlySet<string>> | undefined> {
  const poll = await db
    .selectFrom("polls")
    .select("polled")
    .where("repository", "=", repository)
    .executeTakeFirst();
  if (poll?.polled !== 1) return undefined;
  if (charts?.length === 0) return new Map(); // PostgreSQL knows no empty list
  await setImmediate(); // SQLite answers at once: whoever asks again and again would keep everybody else waiting
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

/** In many small units of work, so that nobody else has to wait long for a large index. */
async function add(
  database: Database,
  repository: string,
  versions: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  for (const some of chunks([...versions], CHARTS_AT_ONCE)) {
    const rows = some.flatMap(([chart, list]) => list.map((version) => ({ repository, chart, version })));
    for (const values of chunks(rows)) await database.write((db) => insert(db, values));
  }
  await database.write((db) => setPolled(db, repository));
}

const CHARTS_AT_ONCE = 100;

async function insert(db: Queries, values: readonly Seen[]): Promise<void> {
  await db
    .insertInto("seen")
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function setPolled(db: Queries, repository: string): Promise<void> {
  await db
    .insertInto("polls")
    .values({ ...UNKNOWN, repository, polled: 1 })
    .onConflict((conflict) => conflict.column("repository").doUpdateSet({ polled: 1 }))
    .execute();
}

async function setValidator(db: Queries, repository: string, etag: string): Promise<void> {
  await db
    .insertInto("polls")
    .values({ ...UNKNOWN, repository, validator: etag })
    .onConflict((conflict) => conflict.column("repository").doUpdateSet({ validator: etag }))
    .execute();
}

async function fail(db: Queries, { repository, problem, since }: FailingPoll): Promise<void> {
  const trouble = { problem: JSON.stringify(problem), failing_since: since.getTime() };
  await db
    .insertInto("polls")
    .values({ ...UNKNOWN, repository, ...trouble })
    .onConflict((conflict) =>
      conflict.column("repository").doUpdateSet((row) => ({
        problem: trouble.problem,
        failing_since: row.fn.coalesce("polls.failing_since", row.val(trouble.failing_since)),
      })),
    )
    .execute();
}

async function recover(db: Queries, repository: string): Promise<void> {
  await db
    .updateTable("polls")
    .set({ problem: null, failing_since: null })
    .where("repository", "=", repository)
    .execute();
}

async function failing(db: Queries): Promise<readonly FailingPoll[]> {
  const rows = await db
    .selectFrom("polls")
    .select(["repository", "problem", "failing_since"])
    .where("problem", "is not", null)
    .orderBy("repository")
    .execute();
  return rows.map(({ repository, problem, failing_since: since }) => ({
    repository,
    problem: column.problem(problem ?? ""),
    since: column.date(since ?? 0),
  }));
}
