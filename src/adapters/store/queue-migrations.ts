// Migrations of the work queue to the table `marks` on both engines, with owners and, on PostgreSQL, claims; and of
// publish look-ups to one key per chart.

import { type Kysely, PostgresAdapter, sql } from "kysely";

export async function addClaims(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("marks")
    .addColumn("owner", "text", (column) => column.notNull().defaultTo(""))
    .execute();
  await db.schema.alterTable("marks").addColumn("claim", "text").execute();
  await db.schema.alterTable("marks").addColumn("claimed_until", "bigint").execute();
  await db.schema.createIndex("marks_owner").on("marks").columns(["owner", "priority", "due"]).execute();
  if (db.getExecutor().adapter instanceof PostgresAdapter) await takeOverJobs(db);
}

/** Before, pg-boss had the queue on PostgreSQL, in its own schema. */
async function takeOverJobs(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{
    there: boolean;
  }>`select to_regclass('pgboss.job') is not null as there`.execute(db);
  if (rows[0]?.there !== true) return;
  await sql`insert into marks (key, due, priority)
    select singleton_key, cast(extract(epoch from min(start_after)) * 1000 as bigint), max(priority) from pgboss.job
    where name = 'marks' and state < 'completed' and singleton_key is not null group by singleton_key
    on conflict (key) do nothing`.execute(db);
  await sql`drop schema pgboss cascade`.execute(db);
}

/** Before, each publish had its own key. Every start enqueues unfinished publishes by the new keys. */
export async function lookForCharts(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("publishes").addColumn("looked_at", "bigint").execute();
  for (const table of ["marks", "failures", "dead"])
    await sql`delete from ${sql.table(table)} where key like 'publish:%'`.execute(db);
}
