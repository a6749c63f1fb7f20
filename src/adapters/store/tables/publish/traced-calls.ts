// The traceparents of callers that announced a publish.

import type { TracedCalls } from "../../../../reconcile/ports/traced-calls.ts";
import { chunks, type Database } from "../../database.ts";

export function createTracedCalls(database: Database): TracedCalls {
  return {
    keep: (publishId, traceparent) =>
      database.write(async (db) => {
        await db
          .insertInto("traced_calls")
          .values({ publish_id: publishId, traceparent })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
    of: async (publishIds) => {
      const found = new Map<string, string>();
      for (const some of chunks(publishIds)) {
        const rows = await database.read
          .selectFrom("traced_calls")
          .selectAll()
          .where("publish_id", "in", some)
          .execute();
        for (const row of rows) found.set(row.publish_id, row.traceparent);
      }
      return found;
    },
  };
}
