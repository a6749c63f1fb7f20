// The interface of a database engine: read queries, and transactions that are durable when they resolve.

import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export type Queries = Kysely<Schema>;

export interface Database {
  /** For reading outside of a transaction. */
  readonly read: Queries;
  readonly clock: () => Date;
  /**
   * Runs `work` in one transaction: all of it is durable when the promise resolves, none of it is when it rejects. The
   * engine may run `work` again after a conflict, so it must have no effects but queries.
   */
  write<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
}

/** The part of a logger that a store uses; pino's fits. */
export interface StoreLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Splits the input of one statement, as engines limit its parameters (SQLite 32,766, PostgreSQL 65,535). */
export function* chunks<T>(items: readonly T[], size = 1000): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/**
 * One transaction with all `items`; none for an empty list, since a transaction costs a flush even if it writes
 * nothing.
 */
export async function writeAny<Item>(
  database: Pick<Database, "write">,
  items: readonly Item[],
  work: (db: Queries, items: readonly Item[]) => Promise<void>,
): Promise<void> {
  if (items.length > 0) await database.write((db) => work(db, items));
}

/** Runs transactions until one finds nothing left to do; returns how much they did in total. */
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
