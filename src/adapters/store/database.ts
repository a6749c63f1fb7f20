// What the aggregates ask of an engine: queries that read, and units of work that are on disk before they resolve.

import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export type Queries = Kysely<Schema>;

export interface Database {
  /** For reading outside a unit of work. */
  readonly read: Queries;
  readonly clock: () => Date;
  /**
   * Runs `work` in one transaction: all of it is durable when the promise resolves, none of it is when it rejects.
   * The engine may run the work again after a conflict, so it does nothing but query.
   */
  write<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
}

/** The part of a logger that a store speaks to; pino's fits. */
export interface StoreLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Splits what goes into one statement, as engines limit the parameters of one (SQLite 32,766, PostgreSQL 65,535). */
export function* chunks<T>(items: readonly T[], size = 1000): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** One unit of work with all `items`; none where there are none: a transaction costs its flush although nothing is written. */
export async function writeAny<Item>(
  database: Pick<Database, "write">,
  items: readonly Item[],
  work: (db: Queries, items: readonly Item[]) => Promise<void>,
): Promise<void> {
  if (items.length > 0) await database.write((db) => work(db, items));
}

/** One unit of work after the other, until one finds nothing left to do; answers how much they did. */
export async function untilNone(
  database: Pick<Database, "write">,
  doSome: (db: Queries) => Promise<number>,
): Promise<number> {
  for (let done = 0; ; ) {
    const some = await database.write(doSome);
    if (some === 0) return done;
    done += some;
  }
}
