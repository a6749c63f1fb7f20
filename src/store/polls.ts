// What polls of the chart repositories saw: every version ever seen, and the validator of the last good index.

import { setImmediate } from "node:timers/promises";
import { chunks, type Database, type Queries } from "./database.ts";
import type { Schema } from "./schema.ts";
import type { Polls } from "./store.ts";

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
  };
}

type Seen = Schema["seen"];

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
    .values({ repository, polled: 1, validator: null })
    .onConflict((conflict) => conflict.column("repository").doUpdateSet({ polled: 1 }))
    .execute();
}

async function setValidator(db: Queries, repository: string, etag: string): Promise<void> {
  await db
    .insertInto("polls")
    .values({ repository, polled: 0, validator: etag })
    .onConflict((conflict) => conflict.column("repository").doUpdateSet({ validator: etag }))
    .execute();
}
