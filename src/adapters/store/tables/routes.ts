// Which config repositories a publish has still to be reconciled in.

import type { Publishes } from "../../../reconcile/ports/store.ts";
import { chunks, type Database, type Queries } from "../database.ts";

export function createRoutes(
  database: Database,
): Pick<Publishes, "route" | "routed" | "pendingRoutes" | "routesOf" | "allPendingRoutes"> {
  const { read } = database;
  return {
    route: (id, repositoryIds) => database.write((db) => route(db, id, repositoryIds)),
    routed: (ids, repositoryId) => database.write((db) => routed(db, ids, repositoryId)),
    pendingRoutes: async (id) => {
      const rows = await read
        .selectFrom("routes")
        .select("repository_id")
        .where("publish_id", "=", id)
        .orderBy("repository_id")
        .execute();
      return rows.map((row) => row.repository_id);
    },
    routesOf: async (repositoryId) => {
      const rows = await read
        .selectFrom("routes")
        .select("publish_id")
        .where("repository_id", "=", repositoryId)
        .orderBy("publish_id")
        .execute();
      return rows.map((row) => row.publish_id);
    },
    allPendingRoutes: () =>
      read
        .selectFrom("routes")
        .select(["publish_id as publishId", "repository_id as repositoryId"])
        .orderBy("publish_id")
        .orderBy("repository_id")
        .execute(),
  };
}

export async function route(db: Queries, id: string, repositoryIds: readonly number[]): Promise<void> {
  for (const some of chunks(repositoryIds)) {
    await db
      .insertInto("routes")
      .values(some.map((repositoryId) => ({ publish_id: id, repository_id: repositoryId })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
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
