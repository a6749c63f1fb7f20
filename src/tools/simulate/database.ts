// The product's tables in an in-memory database, with its queue, shared by all replicas like one PostgreSQL.

import { DatabaseSync } from "node:sqlite";
import { Kysely, SqliteDialect } from "kysely";
import { chunks, type Database } from "../../adapters/store/database.ts";
import { migrate } from "../../adapters/store/migrations.ts";
import type { Schema } from "../../adapters/store/schema.ts";
import { forKysely } from "../../adapters/store/sqlite/for-kysely.ts";

export interface CountedDatabase extends Database {
  readonly statements: () => number;
}

/** `installations` with so many repositories each, numbered on. */
export async function openDatabase(
  clock: () => Date,
  {
    installations,
    repositoriesOfEach,
  }: { readonly installations: number; readonly repositoriesOfEach: number },
): Promise<CountedDatabase> {
  let statements = 0;
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: forKysely(new DatabaseSync(":memory:")) }),
    log: () => {
      statements += 1;
    },
  });
  await migrate(db);
  const rows = Array.from({ length: installations * repositoriesOfEach }, (_, id) => ({
    ...{ id, installation_id: Math.floor(id / repositoriesOfEach), owner: "simulated", name: String(id) },
    ...{ default_branch: "main", archived: 0, put_at: 0, repository_index: null },
  }));
  for (const some of chunks(rows)) await db.insertInto("repositories").values(some).execute();
  statements = 0;
  return {
    ...{ read: db, clock, statements: () => statements },
    write: (work) => db.transaction().execute(work),
  };
}
