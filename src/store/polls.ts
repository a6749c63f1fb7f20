// What polls of the chart repositories saw: every version ever seen, and the validator of the last good index.

import { chunks, type Database, type Queries } from "./database.ts";
import type { Polls } from "./store.ts";

export function createPolls(database: Database): Polls {
  const { read } = database;
  return {
    seen: (repository) => seen(read, repository),
    add: (repository, versions) => database.write((db) => add(db, repository, versions)),
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

async function seen(
  db: Queries,
  repository: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>> | undefined> {
  const poll = await db
    .selectFrom("polls")
    .select("polled")
    .where("repository", "=", repository)
    .executeTakeFirst();
  if (poll?.polled !== 1) return undefined;
  const rows = await db
    .selectFrom("seen")
    .select(["chart", "version"])
    .where("repository", "=", repository)
    .execute();
  const versions = new Map<string, Set<string>>();
  for (const { chart, version } of rows) {
    const ofChart = versions.get(chart);
    if (ofChart === undefined) versions.set(chart, new Set([version]));
    else ofChart.add(version);
  }
  return versions;
}

async function add(
  db: Queries,
  repository: string,
  versions: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  await db
    .insertInto("polls")
    .values({ repository, polled: 1, validator: null })
    .onConflict((conflict) => conflict.column("repository").doUpdateSet({ polled: 1 }))
    .execute();
  const rows = [...versions].flatMap(([chart, some]) =>
    some.map((version) => ({ repository, chart, version })),
  );
  for (const some of chunks(rows)) {
    await db
      .insertInto("seen")
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function setValidator(db: Queries, repository: string, etag: string): Promise<void> {
  await db
    .insertInto("polls")
    .values({ repository, polled: 0, validator: etag })
    .onConflict((conflict) => conflict.column("repository").doUpdateSet({ validator: etag }))
    .execute();
}
