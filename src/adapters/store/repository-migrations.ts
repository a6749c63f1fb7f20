// The database's versions that brought what is remembered of config repositories beside their index.

import type { Kysely } from "kysely";

export async function addFormerNames(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("former_names")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("name_with_owner", "text", (column) => column.notNull())
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
