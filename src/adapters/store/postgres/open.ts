// The PostgreSQL engine: any number of processes on one database.

import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Database, Queries, StoreLog } from "../database.ts";
import { migrate } from "../migrations.ts";
import { StoreRefusal } from "../refusal.ts";
import type { Schema } from "../schema.ts";

/**
 * Errors after which PostgreSQL asks for a retry: serialization failure and deadlock (PostgreSQL manual, Appendix A).
 */
const CONFLICTS = new Set(["40001", "40P01"]);
const LARGEST_ATTEMPTS = 5;

/**
 * Connects to `url` and migrates the tables; replicas that start at the same time wait for each other. Throws a
 * StoreRefusal when the database is unreachable or denies access.
 */
export async function openPostgres(
  url: string,
  { clock, log }: { readonly clock: () => Date; readonly log: StoreLog },
): Promise<Database & { readonly pool: pg.Pool; close(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString: url, max: 12, types: { getTypeParser: typeParser } });
  pool.on("error", (error) => log.warn({ err: error }, "An idle connection to PostgreSQL was lost."));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw refusal(error);
  }
  return { pool, read: db, clock, write: (work) => write(db, work), close: () => db.destroy() };
}

/** `bigint` columns hold ids and instants, all below 2^53: read as numbers, as on the embedded engine. */
function typeParser(type: number, format?: "text" | "binary"): (written: string) => unknown {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format ?? "text");
}

function write<T>(db: Queries, work: (queries: Queries) => Promise<T>): Promise<T> {
  return untilNoConflict(() => db.transaction().execute(work));
}

/** Retries a transaction, or a single statement, after a conflict. */
export async function untilNoConflict<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === LARGEST_ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== undefined && CONFLICTS.has(error.code);
}

function refusal(error: unknown): StoreRefusal {
  const reason = error instanceof AggregateError ? error.errors.map(String).join("; ") : String(error);
  return new StoreRefusal(
    {
      code: "unavailable",
      message: `The PostgreSQL database of DATABASE_URL could not be opened: ${reason}.`,
      help: "Check that the server runs, that DATABASE_URL names it with a user who may create tables, and that no newer chart-promoter has changed its tables.",
    },
    { cause: error },
  );
}
