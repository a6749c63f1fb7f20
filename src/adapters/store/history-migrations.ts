// Migrations for the history of events, its notifications, and the dashboard.

import { type Kysely, sql } from "kysely";

export async function createHistory(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("history")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("repository_id", "bigint")
    .addColumn("environment", "text")
    .addColumn("publish_id", "text")
    .addColumn("facts", "text", (column) => column.notNull())
    .addColumn("handed_on", "integer", (column) => column.notNull())
    .execute();
  const indexes = { at: ["at", "id"], publish: ["publish_id", "at"], handed_on: ["handed_on", "at"] };
  for (const [name, columns] of Object.entries(indexes))
    await db.schema.createIndex(`history_${name}`).on("history").columns(columns).execute();
  await db.schema
    .createTable("notices")
    .addColumn("recipient", "text", (column) => column.notNull())
    .addColumn("event_id", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("notices_key", ["recipient", "event_id"])
    .execute();
}

/** For the dashboard, which reads the events of one config repository, and the open promotions of all. */
export async function indexForBoard(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex("history_repository").on("history").columns(["repository_id", "at"]).execute();
  await db.schema.createIndex("promotions_state").on("promotions").column("state").execute();
}

/** Partial indexes: most events are soon handed on, and a publish belongs to no config repository. */
export async function narrowIndexes(db: Kysely<unknown>): Promise<void> {
  for (const name of ["handed_on", "repository"]) await db.schema.dropIndex(`history_${name}`).execute();
  await sql`create index history_untold on history (at, id) where handed_on = 0`.execute(db);
  await sql`create index history_repository on history (repository_id, at) where repository_id is not null`.execute(
    db,
  );
}

/** Deleting an event deletes its notifications, whose key begins with the recipient. */
export async function indexNotices(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex("notices_event").on("notices").column("event_id").execute();
}

export async function createChecks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("checks")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("conclusion", "text", (column) => column.notNull())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("is_held", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("checks_key", ["repository_id", "number"])
    .execute();
}

/** Dashboard sessions. */
export async function createSessions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("sessions")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("sealed", "text", (column) => column.notNull())
    .addColumn("ends_at", "bigint", (column) => column.notNull())
    .execute();
}
