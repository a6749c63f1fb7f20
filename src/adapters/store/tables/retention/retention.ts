// Deletes old rows of every table that grows.

import type { Retention } from "../../../../reconcile/ports/store/retention.ts";
import { type Database, type Queries, untilNone } from "../../database.ts";
import { forgetDeployments } from "./forget-deployments.ts";
import { forgetPublishes } from "./forget-publishes.ts";

/** Bounds how long one transaction blocks the event loop. */
const AT_ONCE = 500;

export function createRetention(database: Database): Retention {
  return {
    forgetPublishes: (terms) => forgetPublishes(database, terms),
    forgetDeployments: (terms) => forgetDeployments(database, terms),
    forgetWebhookIds: (before) => untilNone(database, (db) => forgetWebhookIds(db, before)),
    forgetDead: (before) => untilNone(database, (db) => forgetDead(db, before)),
  };
}

async function forgetWebhookIds(db: Queries, before: Date): Promise<number> {
  const old = await db
    .selectFrom("webhooks")
    .select(["publisher", "webhook_id"])
    .where("at", "<", before.getTime())
    .limit(AT_ONCE)
    .execute();
  for (const { publisher, webhook_id: id } of old)
    await db
      .deleteFrom("webhooks")
      .where("publisher", "=", publisher)
      .where("webhook_id", "=", id)
      .where("at", "<", before.getTime())
      .execute();
  return old.length;
}

/** With its failure count, unless it was enqueued and has failed again since. */
async function forgetDead(db: Queries, before: Date): Promise<number> {
  const old = await db
    .selectFrom("dead")
    .select("key")
    .where("at", "<", before.getTime())
    .limit(AT_ONCE)
    .execute();
  if (old.length === 0) return 0;
  const keys = old.map(({ key }) => key);
  await db.deleteFrom("failures").where("key", "in", keys).where("since", "is", null).execute();
  await db.deleteFrom("dead").where("key", "in", keys).where("at", "<", before.getTime()).execute();
  return old.length;
}
