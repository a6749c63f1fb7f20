// The data folder of a fresh server: creating the tables takes longer than many a story.

import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EMBEDDED_DATABASE, openSqlite } from "../adapters/store/sqlite/open.ts";
import { newDataFolder } from "./data-folder.ts";

/** A database file with tables and no rows; created once for this process. */
let migrated: Promise<Buffer> | undefined;

export async function newMigratedFolder(name: string): Promise<string> {
  migrated ??= migrate(name);
  const folder = await newDataFolder(name);
  writeFileSync(join(folder, EMBEDDED_DATABASE), await migrated, { mode: 0o600 });
  return folder;
}

async function migrate(name: string): Promise<Buffer> {
  const folder = await newDataFolder(name);
  const database = await openSqlite(folder, () => new Date());
  await database.close();
  const file = readFileSync(join(folder, EMBEDDED_DATABASE));
  await rm(folder, { recursive: true });
  return file;
}
