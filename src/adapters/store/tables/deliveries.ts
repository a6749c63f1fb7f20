// Webhook deliveries: stored before GitHub gets its response, loaded by repository, and kept for a while after they are
// done.

import type { Delivery } from "../../../domain/model/github/event.ts";
import type { Deliveries } from "../../../reconcile/ports/store/deliveries.ts";
import * as column from "../columns.ts";
import { chunks, type Database, type Queries, untilNone, writeAny } from "../database.ts";
import { type Marking, markOf } from "../queue/claims.ts";
import type { DeliveryRow } from "../schema.ts";

/** Bounds how long one transaction blocks the event loop. */
const PRUNED_AT_ONCE = 500;

export function createDeliveries(database: Database, { put, wake }: Marking): Deliveries {
  const { read } = database;
  return {
    keep: (delivery) => database.write((db) => keep(db, delivery)),
    keepAndEnqueue: async (deliveries, work) => {
      await database.write(async (db) => {
        for (const delivery of deliveries) await keep(db, delivery);
        await put(db, [markOf(work)]);
      });
      wake();
    },
    isKnown: async (id) => {
      const row = await read.selectFrom("deliveries").select("id").where("id", "=", id).executeTakeFirst();
      return row !== undefined;
    },
    undone: (repositoryId) => undone(read, repositoryId),
    since: (repositoryId, instant) => since(read, repositoryId, instant),
    done: (ids) => writeAny(database, ids, (db, some) => done(db, some, database.clock())),
    waiting: async () => {
      const rows = await read
        .selectFrom("deliveries")
        .select("repository_id")
        .distinct()
        .where("done_at", "is", null)
        .orderBy("repository_id")
        .execute();
      return rows.map((row) => row.repository_id);
    },
    prune: async (before) => void (await untilNone(database, (db) => pruneSome(db, before))),
  };
}

export async function keep(db: Queries, delivery: Delivery): Promise<"kept" | "repeat"> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("deliveries")
    .values({
      id: delivery.id,
      repository_id: delivery.repositoryId,
      event: JSON.stringify(delivery.event),
      received_at: delivery.receivedAt.getTime(),
      done_at: null,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n ? "kept" : "repeat";
}

async function undone(db: Queries, repositoryId: number): Promise<readonly Delivery[]> {
  const rows = await db
    .selectFrom("deliveries")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("done_at", "is", null)
    .orderBy("received_at")
    .orderBy("id")
    .execute();
  return rows.map(deliveryOf);
}

async function since(db: Queries, repositoryId: number, instant: Date): Promise<readonly Delivery[]> {
  const rows = await db
    .selectFrom("deliveries")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("received_at", ">=", instant.getTime())
    .orderBy("received_at")
    .orderBy("id")
    .execute();
  return rows.map(deliveryOf);
}

function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    repositoryId: row.repository_id,
    event: column.event(row.event),
    receivedAt: column.date(row.received_at),
  };
}

async function done(db: Queries, ids: readonly string[], at: Date): Promise<void> {
  for (const some of chunks(ids)) {
    await db
      .updateTable("deliveries")
      .set({ done_at: at.getTime() })
      .where("id", "in", some)
      .where("done_at", "is", null)
      .execute();
  }
}

async function pruneSome(db: Queries, before: Date): Promise<number> {
  const old = await db
    .selectFrom("deliveries")
    .select("id")
    .where("done_at", "<", before.getTime())
    .limit(PRUNED_AT_ONCE)
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await db.deleteFrom("deliveries").where("id", "in", ids).execute();
  return ids.length;
}
