// Permissions that the App was found to lack.

import type { NeededPermission } from "../../../domain/model/github/repository.ts";
import type { Permissions } from "../../../reconcile/ports/permission-records.ts";
import type { Database, Queries } from "../database.ts";

export function createPermissions(database: Database): Permissions {
  const { read } = database;
  return {
    lacking: (repositoryId) => lacking(read, repositoryId),
    note: async (repositoryId, permission, isLacking) => {
      if ((await lacking(read, repositoryId)).includes(permission) === isLacking) return false;
      const row = { repository_id: repositoryId, permission };
      return database.write((db) => (isLacking ? add(db, row) : take(db, row)));
    },
  };
}

interface Row {
  readonly repository_id: number;
  readonly permission: NeededPermission;
}

async function lacking(db: Queries, repositoryId: number): Promise<readonly NeededPermission[]> {
  const rows = await db
    .selectFrom("lacking_permissions")
    .select("permission")
    .where("repository_id", "=", repositoryId)
    .orderBy("permission")
    .execute();
  return rows.map(({ permission }) => permission);
}

async function add(db: Queries, row: Row): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("lacking_permissions")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

async function take(db: Queries, { repository_id, permission }: Row): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("lacking_permissions")
    .where("repository_id", "=", repository_id)
    .where("permission", "=", permission)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
