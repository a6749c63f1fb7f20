// The last glance at each config repository.

import type { Glance, Glances } from "../../../reconcile/ports/store/glances.ts";
import * as column from "../columns.ts";
import type { Database, Queries } from "../database.ts";

export function createGlances(database: Database): Glances {
  const { read } = database;
  return {
    of: async (repositoryIds) => {
      if (repositoryIds.length === 0) return new Map();
      const rows = await read
        .selectFrom("glances")
        .selectAll()
        .where("repository_id", "in", repositoryIds)
        .execute();
      return new Map(
        rows.map(({ repository_id, digest, seen_at, looked_at }) => [
          repository_id,
          { digest, seenAt: new Date(seen_at), ...column.optional("lookedAt", looked_at, column.date) },
        ]),
      );
    },
    see: (repositoryId, digest, at) => database.write((db) => see(db, repositoryId, { digest, seenAt: at })),
    resynced: (repositoryId, at) =>
      database.write(async (db) => {
        await db
          .updateTable("glances")
          .set({ looked_at: at.getTime() })
          .where("repository_id", "=", repositoryId)
          .execute();
      }),
    forget: () =>
      database.write(async (db) => {
        await db.deleteFrom("glances").execute();
      }),
    unsettled: async (repositoryIds) =>
      repositoryIds.length === 0 ? new Set() : new Set(await unsettled(read, repositoryIds)),
  };
}

async function see(
  db: Queries,
  repositoryId: number,
  { digest, seenAt }: Pick<Glance, "digest" | "seenAt">,
): Promise<void> {
  const facts = { digest, seen_at: seenAt.getTime(), looked_at: null };
  await db
    .insertInto("glances")
    .values({ repository_id: repositoryId, ...facts })
    .onConflict((conflict) =>
      conflict.column("repository_id").doUpdateSet(facts).where("glances.digest", "!=", digest),
    )
    .execute();
}

async function unsettled(db: Queries, ids: readonly number[]): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("promotions")
    .select("repository_id")
    .where("repository_id", "in", ids)
    .where("state", "in", ["waiting", "refused"])
    .union(db.selectFrom("routes").select("repository_id").where("repository_id", "in", ids))
    .union(
      db
        .selectFrom("deliveries")
        .select("repository_id")
        .where("repository_id", "in", ids)
        .where("done_at", "is", null),
    )
    .union(
      db
        .selectFrom("checks")
        .select("repository_id")
        .where("repository_id", "in", ids)
        .where("conclusion", "not in", ["success", "neutral"]),
    )
    .union(
      db
        .selectFrom("deployments")
        .select("repository_id")
        .where("repository_id", "in", ids)
        .where("state", "=", "held"),
    )
    .union(db.selectFrom("lacking_permissions").select("repository_id").where("repository_id", "in", ids))
    .execute();
  return rows.map(({ repository_id }) => repository_id);
}
