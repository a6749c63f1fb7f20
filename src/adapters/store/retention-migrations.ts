// Migrations for deleting old records, for reading parts of a repository's records, and for limits on waiting
// publishes.

import { type Kysely, sql } from "kysely";

export async function addRetention(db: Kysely<unknown>): Promise<void> {
  await addTimeOfWebhookIds(db);
  await db.schema
    .createTable("forgotten_heals")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("environment", "text", (column) => column.notNull())
    .addColumn("count", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("forgotten_heals_key", ["repository_id", "environment"])
    .execute();
  await db.schema.dropIndex("promotions_repository").execute();
  await db.schema
    .createIndex("promotions_place")
    .on("promotions")
    .columns(["repository_id", "environment", "chart", "state"])
    .execute();
  await db.schema.createIndex("publishes_publisher").on("publishes").columns(["publisher", "at"]).execute();
  await db.schema
    .createIndex("deployments_environment")
    .on("deployments")
    .columns(["repository_id", "environment", "created_at"])
    .execute();
}

/** Existing ids get the age of their publish. */
async function addTimeOfWebhookIds(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("webhooks")
    .addColumn("at", "bigint", (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update webhooks set at = coalesce((select publishes.at from publishes
    where publishes.id = webhooks.publish_id), 0)`.execute(db);
  await db.schema.createIndex("webhooks_at").on("webhooks").column("at").execute();
}

/** The size of publishes that do not wait is only computed when they are announced again. */
export async function countWaiting(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("publishes")
    .addColumn("bytes", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update publishes set bytes = 1024 + octet_length(chart_values) + octet_length(source)
    where state = 'accepted'`.execute(db);
  await sql`create index publishes_waiting on publishes (publisher, bytes) where state = 'accepted'`.execute(
    db,
  );
}

/** How often a publish was routed to a repository that had not planned for it. */
export async function countRoutes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("routes")
    .addColumn("revision", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
}
