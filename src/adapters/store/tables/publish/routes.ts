// Which config repositories have still to plan for a publish.

import { sql } from "kysely";
import type { Publishes, RoutedPublish } from "../../../../reconcile/ports/store/publishes.ts";
import { chunks, type Database, type Queries, writeAny } from "../../database.ts";
import { toPublish } from "./publish-row.ts";

export function createRoutes(
  database: Database,
): Pick<
  Publishes,
  | "route"
  | "routed"
  | "planned"
  | "pendingRoutes"
  | "routesOf"
  | "pendingFor"
  | "routedFrom"
  | "allPendingRoutes"
> {
  const { read } = database;
  return {
    route: (ids, repositoryIds) => database.write((db) => route(db, ids, repositoryIds)),
    routed: (ids, repositoryId) => writeAny(database, ids, (db, some) => routed(db, some, repositoryId)),
    planned: (publishes, repositoryId) =>
      writeAny(database, publishes, (db, some) => planned(db, some, repositoryId)),
    pendingRoutes: (id) => pendingRoutes(read, id),
    routesOf: (repositoryId, limit) => routesOf(read, repositoryId, limit),
    pendingFor: (repositoryId, limit) => pendingFor(read, repositoryId, limit),
    routedFrom: (of) => routedFrom(read, of),
    allPendingRoutes: () =>
      read
        .selectFrom("routes")
        .select(["publish_id as publishId", "repository_id as repositoryId"])
        .orderBy("publish_id")
        .orderBy("repository_id")
        .execute(),
  };
}

async function pendingRoutes(db: Queries, id: string): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("routes")
    .select("repository_id")
    .where("publish_id", "=", id)
    .orderBy("repository_id")
    .execute();
  return rows.map((row) => row.repository_id);
}

async function routesOf(
  db: Queries,
  repositoryId: number,
  limit: number | undefined,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("routes")
    .select("publish_id")
    .where("repository_id", "=", repositoryId)
    .orderBy("publish_id")
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .execute();
  return rows.map((row) => row.publish_id);
}

async function pendingFor(
  db: Queries,
  repositoryId: number,
  limit: number,
): Promise<readonly RoutedPublish[]> {
  const rows = await fromRoutes(db)
    .selectAll("publishes")
    .select("routes.revision")
    .where("routes.repository_id", "=", repositoryId)
    .where("publishes.state", "=", "verified")
    .orderBy("publishes.at", "desc")
    .orderBy("publishes.id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...toPublish(row), route: row.revision }));
}

async function routedFrom(
  db: Queries,
  { repository, chart }: Parameters<Publishes["routedFrom"]>[0],
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("publishes")
    .crossJoin("routes")
    .whereRef("routes.publish_id", "=", "publishes.id")
    .select("routes.repository_id as id")
    .distinct()
    .where("publishes.repository", "=", repository)
    .where("publishes.chart", "=", chart)
    .where("publishes.state", "=", "verified")
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * A repository's routes are few compared with all publishes: SQLite evaluates a cross join in the order in which it is
 * written.
 */
function fromRoutes(db: Queries) {
  return db.selectFrom("routes").crossJoin("publishes").whereRef("publishes.id", "=", "routes.publish_id");
}

/** Rows in one statement: takes some tens of milliseconds. */
const LARGEST_ROUTE = 10_000;

/** Every publish to every repository; sorted, to avoid deadlocks. */
export async function route(
  db: Queries,
  ids: readonly string[],
  repositoryIds: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  for (const some of chunks(repositoryIds, Math.max(1, Math.floor(LARGEST_ROUTE / ids.length)))) {
    await sql`insert into routes (publish_id, repository_id)
      select distinct publish.column1, repository.column1
      from (values ${sql.join(ids.map((id) => sql`(cast(${id} as text))`))}) as publish
      cross join (values ${sql.join(some.map((id) => sql`(cast(${id} as bigint))`))}) as repository
      where true order by 1, 2
      on conflict (publish_id, repository_id) do update set revision = routes.revision + 1`.execute(db);
  }
}

async function routed(db: Queries, ids: readonly string[], repositoryId: number): Promise<void> {
  for (const some of chunks(ids)) {
    await db
      .deleteFrom("routes")
      .where("repository_id", "=", repositoryId)
      .where("publish_id", "in", some)
      .execute();
  }
}

async function planned(
  db: Queries,
  publishes: readonly RoutedPublish[],
  repositoryId: number,
): Promise<void> {
  for (const [revision, some] of Map.groupBy(publishes, ({ route }) => route)) {
    for (const ids of chunks(some.map(({ id }) => id))) {
      await db
        .deleteFrom("routes")
        .where("repository_id", "=", repositoryId)
        .where("revision", "=", revision)
        .where("publish_id", "in", ids)
        .execute();
    }
  }
}
