// Publishes: one row stands for each (repository, chart, version), whoever announced it and however often.

import type { Problem } from "../../../domain/model/problem.ts";
import type { ChartChange, ChartKey, Publish, PublishState } from "../../../domain/model/publish.ts";
import type { Publishes } from "../../../reconcile/ports/store.ts";
import * as column from "../columns.ts";
import type { Database, Queries } from "../database.ts";
import type { PublishRow } from "../schema.ts";
import { announcing, type InboxTerms } from "./announcements.ts";
import { publishEvent } from "./facts-to-remember.ts";
import { keepEvents } from "./history.ts";
import { toPublish } from "./publish-row.ts";
import { createRoutes, route } from "./routes.ts";

export function createPublishes(database: Database, terms: InboxTerms): Publishes {
  const { read } = database;
  const { states } = terms;
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
    verifiedOf: (charts, limit) => verifiedOf(read, charts, limit),
    verify: async (id, found) => {
      const at = database.clock();
      if (!(await database.write((db) => verify(db, id, { ...found, at })))) return;
      states.publish("verified");
      states.event([]);
    },
    reject: async (id, problem) => {
      const at = database.clock();
      if (!(await database.write((db) => reject(db, id, { problem, at })))) return;
      states.publish("rejected");
      states.event([]);
    },
    noteChange: (id, change, routes) => database.write((db) => noteChange(db, id, { change, routes })),
    wait: (id, problem, missingSince) => database.write((db) => wait(db, id, { problem, missingSince })),
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

/** Whether it came to be verified by this. */
async function verify(
  db: Queries,
  id: string,
  found: Parameters<Publishes["verify"]>[1] & { readonly at: Date },
): Promise<boolean> {
  await route(db, id, found.routes ?? []);
  const changed = await moveTo(db, id, "verified");
  if (changed) await keepEvents(db, [publishEvent("verified", changed, found)]);
  await db
    .updateTable("publishes")
    .set((expression) => ({
      problem: null,
      missing_since: null,
      changed_since: null,
      app_version: found.appVersion === undefined ? null : column.text(found.appVersion),
      digest: expression.fn.coalesce("digest", expression.val(found.digest ?? null)),
    }))
    .where("id", "=", id)
    .execute();
  return changed !== undefined;
}

/** Whether it came to be rejected by this. */
async function reject(
  db: Queries,
  id: string,
  { problem, at }: { readonly problem: Problem; readonly at: Date },
): Promise<boolean> {
  const changed = await moveTo(db, id, "rejected");
  if (changed) await keepEvents(db, [publishEvent("rejected", changed, { at, problem })]);
  await db
    .updateTable("publishes")
    .set({ problem: JSON.stringify(problem), missing_since: null })
    .where("id", "=", id)
    .execute();
  return changed !== undefined;
}

async function noteChange(
  db: Queries,
  id: string,
  { change, routes }: { readonly change: ChartChange | undefined; readonly routes: readonly number[] },
): Promise<void> {
  await route(db, id, routes);
  await db
    .updateTable("publishes")
    .set({ changed_since: change === undefined ? null : JSON.stringify(change) })
    .where("id", "=", id)
    .execute();
}

/** `undefined` when it is in this state already. */
async function moveTo(db: Queries, id: string, state: PublishState): Promise<PublishRow | undefined> {
  return db
    .updateTable("publishes")
    .set({ state })
    .where("id", "=", id)
    .where("state", "!=", state)
    .returningAll()
    .executeTakeFirst();
}

async function wait(
  db: Queries,
  id: string,
  why: { readonly problem: Problem; readonly missingSince: Date | undefined },
): Promise<void> {
  await db
    .updateTable("publishes")
    .set({ problem: JSON.stringify(why.problem), missing_since: why.missingSince?.getTime() ?? null })
    .where("id", "=", id)
    .where("state", "=", "accepted")
    .execute();
}
