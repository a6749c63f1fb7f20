// Permissions that the App was found to lack.

import type { NeededPermission } from "../../../domain/model/github/repository.ts";
import type { Permissions } from "../../../reconcile/ports/store/permission-records.ts";
import type { Database, Queries } from "../database.ts";
import { type Marking, markOf } from "../queue/claims.ts";
import { keep } from "./deliveries.ts";

export function createPermissions(database: Database, { put, wake }: Marking): Permissions {
  const { read } = database;
  return {
    lacking: (repositoryId) => lacking(read, repositoryId),
    note: async ({ repositoryId, permission, isLacking }, { delivery, work }) => {
      if ((await lacking(read, repositoryId)).includes(permission) === isLacking) return false;
      const row = { repository_id: repositoryId, permission };
      const isNews = await database.write(async (db) => {
        if (!(await (isLacking ? add(db, row) : take(db, row)))) return false;
        await keep(db, delivery);
        await put(db, [markOf(work)]);
        return true;
      });
      if (isNews) wake();
      return isNews;
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
