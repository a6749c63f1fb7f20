// Sessions of the dashboard.

import type { SessionRecords } from "../../../../reconcile/ports/store/session-records.ts";
import * as column from "../../columns.ts";
import type { Database } from "../../database.ts";

export function createSessions(database: Database): SessionRecords {
  const { read, clock } = database;
  return {
    begin: ({ key, sealed, endsAt }) =>
      database.write(async (db) => {
        await db.deleteFrom("sessions").where("ends_at", "<", clock().getTime()).execute();
        await db.insertInto("sessions").values({ key, sealed, ends_at: endsAt.getTime() }).execute();
      }),
    get: async (key) => {
      const row = await read
        .selectFrom("sessions")
        .selectAll()
        .where("key", "=", key)
        .where("ends_at", ">", clock().getTime())
        .executeTakeFirst();
      return row && { key, sealed: row.sealed, endsAt: column.date(row.ends_at) };
    },
    replace: (key, from, to) =>
      database.write(async (db) => {
        const { numUpdatedRows } = await db
          .updateTable("sessions")
          .set({ sealed: to })
          .where("key", "=", key)
          .where("sealed", "=", from)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),
    end: (key) =>
      database.write(async (db) => {
        await db.deleteFrom("sessions").where("key", "=", key).execute();
      }),
  };
}
