// The embedded engine: one SQLite file, one process, every commit on disk before its promise resolves.

import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely, SqliteDialect } from "kysely";
import type { Database } from "../database.ts";
import { migrate } from "../migrations.ts";
import { StoreRefusal } from "../refusal.ts";
import type { Schema } from "../schema.ts";
import { type Flush, flushes } from "./flushes.ts";
import { forKysely, ReadingDialect } from "./for-kysely.ts";
import { groupCommits } from "./group-commits.ts";

export interface Sqlite extends Database {
  close(): Promise<void>;
}

/** Name of the database file in the data folder. */
export const EMBEDDED_DATABASE = "chart-promoter.sqlite";

/**
 * Opens `chart-promoter.sqlite` in `folder`, creating both if necessary, and migrates the tables. The folder is locked
 * by this process until `close`; the kernel releases it when the process is killed. Throws a StoreRefusal when another
 * process has the lock, or the folder cannot be used.
 */
export async function openSqlite(folder: string, clock: () => Date, flush?: Flush): Promise<Sqlite> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return await openIn(folder, clock, flush);
  } catch (error) {
    throw error instanceof StoreRefusal ? error : refusal(folder, error);
  }
}

/**
 * SQLite itself flushes its log before a checkpoint, and each commit is flushed by `flushes`. Reads have a connection
 * of their own: they see committed data, and wait for no transaction.
 */
async function openIn(folder: string, clock: () => Date, flush?: Flush): Promise<Sqlite> {
  const lock = lockFolder(folder);
  const file = new DatabaseSync(ownersAlone(join(folder, EMBEDDED_DATABASE)));
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: forKysely(file) }) });
  try {
    file.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    await migrate(db);
  } catch (error) {
    await db.destroy();
    lock.close();
    throw error;
  }
  const log = await open(join(folder, `${EMBEDDED_DATABASE}-wal`), "r+");
  const reader = new DatabaseSync(join(folder, EMBEDDED_DATABASE), { readOnly: true });
  const read = new Kysely<Schema>({ dialect: new ReadingDialect(forKysely(reader)) });
  const count = file.prepare("SELECT total_changes() AS changes");
  const flushed = flushes(flush ?? (() => log.datasync()), () => Number(count.get()?.["changes"]));
  return {
    read,
    clock,
    write: groupCommits(db, flushed),
    close: async () => {
      await flushed().catch(() => undefined); // callers get the error themselves
      await log.close();
      await read.destroy();
      await db.destroy();
      lock.close();
    },
  };
}

/** SQLite gives its journal files the mode of the database file. */
function ownersAlone(file: string): string {
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  return file;
}

/** A lock that cannot outlive its process: an exclusive transaction on a separate file, held open. */
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
