// Migrations for repeated deployments and drift.

import { type Kysely, sql } from "kysely";

/**
 * A commit may be deployed again, so it is no longer part of the key. SQLite can change a key only by copying the
 * table.
 */
export async function addRepeats(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("repeatable_deployments")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("environment", "text", (column) => column.notNull())
    .addColumn("sha", "text", (column) => column.notNull())
    .addColumn("intent", "text", (column) => column.notNull())
    .addColumn("repeats", "text")
    .addColumn("pull_request", "integer", (column) => column.notNull())
    .addColumn("promotions", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("github_id", "bigint")
    .addColumn("deployers", "text", (column) => column.notNull())
    .addColumn("held_until", "bigint")
    .addColumn("emergency", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("overtaken", "text")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("changed_at", "bigint", (column) => column.notNull())
    .addColumn("description", "text")
    .addColumn("log", "text")
    .addPrimaryKeyConstraint("deployments_intent", ["repository_id", "environment", "sha", "intent"])
    .execute();
  const kept = sql`repository_id, environment, sha, pull_request, promotions, state, github_id, deployers, held_until,
    emergency, overtaken, created_at, changed_at, description, log`;
  await sql`insert into repeatable_deployments (intent, ${kept}) select '', ${kept} from deployments`.execute(
    db,
  );
  await db.schema.dropTable("deployments").execute();
  await db.schema.alterTable("repeatable_deployments").renameTo("deployments").execute();
  const indexes = { state: ["state", "created_at"], created: ["created_at"] };
  for (const [name, columns] of Object.entries(indexes))
    await db.schema.createIndex(`deployments_${name}`).on("deployments").columns(columns).execute();
  await db.schema
    .createIndex("deployments_github_id")
    .unique()
    .on("deployments")
    .column("github_id")
    .execute();
}

/** Drift reports of deployers, and the watch of each environment. */
export async function createDrift(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("drift_reports")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("environment", "text", (column) => column.notNull())
    .addColumn("deployer", "text", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("report", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("drift_reports_key", ["repository_id", "environment", "deployer"])
    .execute();
  await db.schema
    .createTable("drift_watches")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("environment", "text", (column) => column.notNull())
    .addColumn("watch", "text", (column) => column.notNull())
    .addColumn("keep", "text")
    .addPrimaryKeyConstraint("drift_watches_key", ["repository_id", "environment"])
    .execute();
  await db.schema
    .createTable("repeat_requests")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("environment", "text", (column) => column.notNull())
    .addColumn("intent", "text", (column) => column.notNull())
    .addColumn("task", "text", (column) => column.notNull())
    .addColumn("asked_by", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("repeat_requests_key", ["repository_id", "environment", "intent"])
    .execute();
}
