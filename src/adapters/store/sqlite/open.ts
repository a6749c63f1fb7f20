// The embedded engine: one SQLite file, one process, every commit on disk before anyone is answered.

import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
import type { Database } from "../database.ts";
import { migrate } from "../migrations.ts";
import { StoreRefusal } from "../refusal.ts";
import type { Schema } from "../schema.ts";
import { groupCommits } from "./group-commits.ts";

export interface Sqlite extends Database {
  close(): Promise<void>;
}

/** The name of the file in the data folder. */
export const EMBEDDED_DATABASE = "chart-promoter.sqlite";

/**
 * Opens `chart-promoter.sqlite` in `folder`, making both if need be, and brings its tables up to date.
 * The folder belongs to this process until `close`; the kernel frees it when the process is killed.
 * Throws a StoreRefusal when another process has it, or when it cannot be used.
 */
export async function openSqlite(folder: string, clock: () => Date): Promise<Sqlite> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return await openIn(folder, clock);
  } catch (error) {
    throw error instanceof StoreRefusal ? error : refusal(folder, error);
  }
}

async function openIn(folder: string, clock: () => Date): Promise<Sqlite> {
  const lock = lockFolder(folder);
  const file = new DatabaseSync(ownersAlone(join(folder, EMBEDDED_DATABASE)));
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: forKysely(file) }) });
  try {
    file.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    await migrate(db);
  } catch (error) {
    await db.destroy();
    lock.close();
    throw error;
  }
  return {
    read: db,
    clock,
    write: groupCommits(db),
    close: async () => {
      await db.destroy();
      lock.close();
    },
  };
}

/** SQLite gives its journals the mode of the database. */
function ownersAlone(file: string): string {
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  return file;
}

/** An exclusive transaction on a file of its own, held open: a lock that cannot outlive its process. */
function lockFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(ownersAlone(join(folder, "lock.sqlite")), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StoreRefusal({
      code: "unavailable",
      message: `The data folder ${folder} is in use by another chart-promoter process.`,
      help: "Stop that process or set DATA_DIR to another folder; to run several replicas, set DATABASE_URL to a PostgreSQL database.",
    });
  }
}

function refusal(folder: string, error: unknown): StoreRefusal {
  return new StoreRefusal(
    {
      code: "unavailable",
      message: `The embedded database in the data folder ${folder} could not be opened: ${String(error)}.`,
      help: "Set DATA_DIR to a writable folder on a local disk whose database no newer chart-promoter has changed.",
    },
    { cause: error },
  );
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy. */
function isBusy(error: unknown): boolean {
  return typeof error === "object" && error !== null && "errcode" in error && error.errcode === 5;
}

/** Fits `node:sqlite` to what Kysely asks of a SQLite library; statements are prepared once for each text. */
function forKysely(file: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => file.close(),
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = fitStatement(file.prepare(sql));
      if (prepared.size >= 500) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

/**
 * A statement with RETURNING is read to its end with `all`: `get` stops after the first row, before SQLite commits,
 * and a commit that fails then goes unnoticed.
 */
function fitStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  };
}

function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}
