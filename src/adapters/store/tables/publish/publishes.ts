// Publishes: one row for each (repository, chart, version), whoever announced it and however often.

import { sql } from "kysely";
import type { ChartChange, ChartKey, Publish } from "../../../../domain/model/publish.ts";
import type { Publishes } from "../../../../reconcile/ports/store/publishes.ts";
import type { Database, Queries } from "../../database.ts";
import { markOf } from "../../queue/claims.ts";
import type { PublishRow } from "../../schema.ts";
import { announcing, type InboxTerms } from "./announcements.ts";
import { toPublish } from "./publish-row.ts";
import { createRoutes, route } from "./routes.ts";
import { keepSightings } from "./sightings.ts";

export function createPublishes(database: Database, terms: InboxTerms): Publishes {
  const { read } = database;
  const { states, put, wake } = terms;
  const keepAndCount: Publishes["keepSightings"] = async (sightings, routes) => {
    const at = database.clock();
    const { verified, rejected } = await database.write((db) => keepSightings(db, sightings, { routes, at }));
    for (let n = 0; n < verified; n += 1) states.publish("verified");
    for (let n = 0; n < rejected; n += 1) states.publish("rejected");
    if (verified + rejected > 0) states.event([]);
  };
  return {
    ...announcing(database, terms),
    get: async (id) => {
      const row = await read.selectFrom("publishes").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toPublish(row);
    },
    find: async (key, version) => {
      const row = await read
        .selectFrom("publishes")
        .selectAll()
        .where("repository", "=", key.repository)
        .where("chart", "=", key.chart)
        .where("version", "=", version)
        .executeTakeFirst();
      return row && toPublish(row);
    },
    list: (filter) => list(read, filter),
    unverified: (key, limit) => unverified(read, key, limit),
    unverifiedCharts: () =>
      read
        .selectFrom("publishes")
        .select(({ fn }) => ["repository", "chart", fn.min("publisher").as("publisher")])
        .where("state", "=", "accepted")
        .groupBy(["repository", "chart"])
        .execute(),
    verifiedOf: (charts, limit) => verifiedOf(read, charts, limit),
    keepSightings: keepAndCount,
    verify: (id, { routes = [], ...found }) => keepAndCount([{ id, kind: "verified", ...found }], routes),
    reject: (id, problem) => keepAndCount([{ id, kind: "rejected", problem }], []),
    noteChange: async (id, change, { routes, work }) => {
      await database.write(async (db) => {
        await noteChange(db, id, { change, routes });
        await put(db, work.map(markOf));
      });
      wake();
    },
    ...createRoutes(database),
  };
}

async function list(db: Queries, filter: Parameters<Publishes["list"]>[0]): Promise<readonly Publish[]> {
  const { state, chart } = filter;
  const rows = await db
    .selectFrom("publishes")
    .selectAll()
    .$if(state !== undefined, (query) => query.where("state", "=", state ?? "accepted"))
    .$if(chart !== undefined, (query) => query.where("chart", "=", chart ?? ""))
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(filter.limit)
    .execute();
  return rows.map(toPublish);
}

async function unverified(
  db: Queries,
  { repository, chart }: ChartKey,
  limit: number,
): Promise<readonly Publish[]> {
  const rows = await db
    .selectFrom("publishes")
    .selectAll()
    .where("repository", "=", repository)
    .where("chart", "=", chart)
    .where("state", "=", "accepted")
    .orderBy(sql`coalesce(looked_at, 0)`)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(toPublish);
}

async function verifiedOf(
  db: Queries,
  charts: readonly ChartKey[],
  limit: number,
): Promise<readonly Publish[]> {
  const found = new Map<string, PublishRow>();
  for (const key of charts) {
    const rows = await db
      .selectFrom("publishes")
      .selectAll()
      .where("repository", "=", key.repository)
      .where("chart", "=", key.chart)
      .where("state", "=", "verified")
      .orderBy("at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  return [...found.values()].sort(newestFirst).map(toPublish);
}

function newestFirst(one: PublishRow, other: PublishRow): number {
  return other.at - one.at || (one.id < other.id ? 1 : -1);
}

async function noteChange(
  db: Queries,
  id: string,
  { change, routes }: { readonly change: ChartChange | undefined; readonly routes: readonly number[] },
): Promise<void> {
  await route(db, [id], routes);
  await db
    .updateTable("publishes")
    .set({ changed_since: change === undefined ? null : JSON.stringify(change) })
    .where("id", "=", id)
    .execute();
}
