// Migrations for records of config repositories besides their index.

import type { Kysely } from "kysely";

export async function addFormerNames(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("former_names")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("name_with_owner", "text", (column) => column.notNull())
    .execute();
}

export async function addDashboardIssues(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("dashboard_issues")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("number", "bigint")
    .addColumn("tells", "text", (column) => column.notNull())
    .addColumn("written_at", "bigint", (column) => column.notNull())
    .addColumn("seen_edits", "bigint", (column) => column.notNull())
    .addColumn("edits", "bigint", (column) => column.notNull())
    .addColumn("round", "bigint", (column) => column.notNull())
    .addColumn("outcomes", "text", (column) => column.notNull())
    .execute();
}

export async function addLackingPermissions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("lacking_permissions")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("permission", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("lacking_permissions_key", ["repository_id", "permission"])
    .execute();
}

export async function addGlances(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("glances")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("digest", "text", (column) => column.notNull())
    .addColumn("seen_at", "bigint", (column) => column.notNull())
    .addColumn("looked_at", "bigint")
    .execute();
}

/** Traceparents of callers that announced a publish. */
export async function addTracedCalls(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("traced_calls")
    .addColumn("publish_id", "text", (column) => column.primaryKey())
    .addColumn("traceparent", "text", (column) => column.notNull())
    .execute();
}
