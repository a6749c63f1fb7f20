// The migrations, oldest first. A released migration is never edited; the next change is a new one.

import { type Kysely, type Migration, Migrator, sql } from "kysely";
import { addRepeats, createDrift } from "./drift-migrations.ts";
import {
  createChecks,
  createHistory,
  createSessions,
  indexForBoard,
  indexNotices,
  narrowIndexes,
} from "./history-migrations.ts";
import { addClaims, lookForCharts } from "./queue-migrations.ts";
import {
  addDashboardIssues,
  addFormerNames,
  addGlances,
  addLackingPermissions,
  addTracedCalls,
} from "./repository-migrations.ts";
import { addRetention, countRoutes, countWaiting } from "./retention-migrations.ts";

const migrations: Readonly<Record<string, Migration>> = {
  "001-publishes": { up: createPublishes },
  "002-repositories": { up: createRepositories },
  "003-deployments": { up: createDeployments },
  "004-polls": { up: createPolls },
  "005-queue": { up: createQueue },
  "006-emergency": { up: addEmergency },
  "007-overtaken": { up: addOvertaken },
  "008-failing-polls": { up: addFailingPolls },
  "009-polled-charts": { up: addPolledCharts },
  "010-judged-charts": { up: addJudgedCharts },
  "011-repeats": { up: addRepeats },
  "012-drift": { up: createDrift },
  "013-call-trail": { up: addCallTrail },
  "014-history": { up: createHistory },
  "015-board": { up: indexForBoard },
  "016-checks": { up: createChecks },
  "017-former-names": { up: addFormerNames },
  "018-lacking-permissions": { up: addLackingPermissions },
  "019-retention": { up: addRetention },
  "020-sessions": { up: createSessions },
  "021-dashboard-issues": { up: addDashboardIssues },
  "022-traced-calls": { up: addTracedCalls },
  "023-claims": { up: addClaims },
  "024-help": { up: addHelp },
  "025-waiting": { up: countWaiting },
  "026-charts": { up: lookForCharts },
  "027-glances": { up: addGlances },
  "028-narrow-indexes": { up: narrowIndexes },
  "029-notices": { up: indexNotices },
  "030-routes": { up: countRoutes },
  "031-called-jobs": { up: addCalledJobs },
  "032-deployed-folders": { up: addDeployedFolders },
};

/**
 * Migrates the database to the newest version, or to `last`, each step in a transaction. Replicas that start at the
 * same time wait for each other: Kysely holds an advisory lock on PostgreSQL, and the embedded database has only one
 * process. Throws the engine's error, or that the database is newer than the program.
 */
export async function migrate<T>(db: Kysely<T>, last?: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await (last === undefined ? migrator.migrateToLatest() : migrator.migrateTo(last));
  if (error !== undefined) throw error;
}

async function createPublishes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("publishes")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("chart", "text", (column) => column.notNull())
    .addColumn("version", "text", (column) => column.notNull())
    .addColumn("digest", "text")
    .addColumn("chart_values", "text", (column) => column.notNull())
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("publisher", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("problem", "text")
    .addColumn("missing_since", "bigint")
    .addColumn("app_version", "text")
    .addUniqueConstraint("publishes_version", ["repository", "chart", "version"])
    .execute();
  await db.schema.createIndex("publishes_at").on("publishes").columns(["at", "id"]).execute();
  await db.schema
    .createIndex("publishes_chart")
    .on("publishes")
    .columns(["chart", "repository", "state", "at"])
    .execute();
  await db.schema.createIndex("publishes_state").on("publishes").columns(["state", "at"]).execute();
  await db.schema
    .createTable("webhooks")
    .addColumn("publisher", "text", (column) => column.notNull())
    .addColumn("webhook_id", "text", (column) => column.notNull())
    .addColumn("publish_id", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("webhooks_key", ["publisher", "webhook_id"])
    .execute();
  await db.schema
    .createTable("routes")
    .addColumn("publish_id", "text", (column) => column.notNull())
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("routes_key", ["publish_id", "repository_id"])
    .execute();
  await db.schema.createIndex("routes_repository").on("routes").column("repository_id").execute();
  await db.schema
    .createTable("promotions")
    .addColumn("publish_id", "text", (column) => column.notNull())
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("environment", "text", (column) => column.notNull())
    .addColumn("chart", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("because", "text", (column) => column.notNull())
    .addColumn("pull_request_number", "integer")
    .addColumn("pull_request_url", "text")
    .addPrimaryKeyConstraint("promotions_key", ["publish_id", "repository_id", "environment"])
    .execute();
  await db.schema
    .createIndex("promotions_repository")
    .on("promotions")
    .columns(["repository_id", "environment"])
    .execute();
}

/** Existing records of refused promotions have no help until they are planned for again. */
async function addHelp(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("promotions").addColumn("help", "text").execute();
}

async function createRepositories(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("repositories")
    .addColumn("id", "bigint", (column) => column.primaryKey())
    .addColumn("installation_id", "bigint", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("default_branch", "text", (column) => column.notNull())
    .addColumn("archived", "integer", (column) => column.notNull())
    .addColumn("put_at", "bigint", (column) => column.notNull())
    .addColumn("repository_index", "text")
    .execute();
  await db.schema
    .createIndex("repositories_installation")
    .on("repositories")
    .column("installation_id")
    .execute();
  await db.schema
    .createTable("dependents")
    .addColumn("chart", "text", (column) => column.notNull())
    .addColumn("chart_repository", "text", (column) => column.notNull())
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("dependents_key", ["chart", "chart_repository", "repository_id"])
    .execute();
  await db.schema.createIndex("dependents_repository").on("dependents").column("repository_id").execute();
  await db.schema
    .createTable("deliveries")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("event", "text", (column) => column.notNull())
    .addColumn("received_at", "bigint", (column) => column.notNull())
    .addColumn("done_at", "bigint")
    .execute();
  await db.schema
    .createIndex("deliveries_undone")
    .on("deliveries")
    .columns(["done_at", "repository_id", "received_at"])
    .execute();
  await db.schema
    .createIndex("deliveries_repository")
    .on("deliveries")
    .columns(["repository_id", "received_at"])
    .execute();
}

async function createDeployments(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("deployments")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("environment", "text", (column) => column.notNull())
    .addColumn("sha", "text", (column) => column.notNull())
    .addColumn("pull_request", "integer", (column) => column.notNull())
    .addColumn("promotions", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("github_id", "bigint", (column) => column.unique())
    .addColumn("deployers", "text", (column) => column.notNull())
    .addColumn("held_until", "bigint")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("changed_at", "bigint", (column) => column.notNull())
    .addColumn("description", "text")
    .addColumn("log", "text")
    .addPrimaryKeyConstraint("deployments_key", ["repository_id", "environment", "sha"])
    .execute();
  await db.schema
    .createIndex("deployments_state")
    .on("deployments")
    .columns(["state", "created_at"])
    .execute();
  await db.schema.createIndex("deployments_created").on("deployments").column("created_at").execute();
  await db.schema
    .createTable("calls")
    .addColumn("deployment_id", "bigint", (column) => column.notNull())
    .addColumn("deployer", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("url", "text")
    .addColumn("called_at", "bigint")
    .addColumn("problem", "text")
    .addColumn("log", "text")
    .addColumn("description", "text")
    .addPrimaryKeyConstraint("calls_key", ["deployment_id", "deployer"])
    .execute();
}

async function addEmergency(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("deployments")
    .addColumn("emergency", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
}

/** Before, only the description said how a deployment was superseded. */
async function addOvertaken(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("deployments").addColumn("overtaken", "text").execute();
  const contained = sql`update deployments set overtaken = 'contained' where description like 'Contained in %'`;
  const replaced = sql`update deployments set overtaken = 'replaced' where description like 'Replaced by %'`;
  for (const known of [contained, replaced]) await known.execute(db);
}

async function addCallTrail(db: Kysely<unknown>): Promise<void> {
  for (const name of ["first_called_at", "next_build", "missing_since", "ended_at"])
    await db.schema.alterTable("calls").addColumn(name, "bigint").execute();
}

async function addCalledJobs(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("calls").addColumn("job", "text").execute();
}

async function addDeployedFolders(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("deployments").addColumn("path", "text").execute();
}

async function addFailingPolls(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("polls").addColumn("problem", "text").execute();
  await db.schema.alterTable("polls").addColumn("failing_since", "bigint").execute();
}

/**
 * For a registry the previous poll of all charts counts as the first poll of each chart, as charts are polled
 * separately from now on.
 */
async function addPolledCharts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("poll_states")
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("chart", "text", (column) => column.notNull())
    .addColumn("polled", "integer", (column) => column.notNull())
    .addColumn("validator", "text")
    .addColumn("problem", "text")
    .addColumn("failing_since", "bigint")
    .addPrimaryKeyConstraint("poll_states_key", ["repository", "chart"])
    .execute();
  await sql`insert into poll_states (repository, chart, polled, validator, problem, failing_since)
    select repository, '', polled, validator, problem, failing_since from polls`.execute(db);
  await sql`insert into poll_states (repository, chart, polled)
    select distinct repository, chart, 1 from seen where chart <> ''`.execute(db);
  await db.schema.dropTable("polls").execute();
}

async function addJudgedCharts(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("publishes").addColumn("changed_since", "text").execute();
  await db.schema
    .createTable("judged_charts")
    .addColumn("repository_id", "bigint", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("chart_repository", "text", (column) => column.notNull())
    .addColumn("chart", "text", (column) => column.notNull())
    .addColumn("version", "text", (column) => column.notNull())
    .addColumn("digest", "text")
    .addColumn("manifest_digest", "text")
    .addColumn("is_there", "integer", (column) => column.notNull())
    .addColumn("confirmed", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("judged_charts_key", [
      "repository_id",
      "number",
      "chart_repository",
      "chart",
      "version",
    ])
    .execute();
  await db.schema
    .createIndex("judged_charts_repository")
    .on("judged_charts")
    .column("chart_repository")
    .execute();
}

async function createPolls(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("polls")
    .addColumn("repository", "text", (column) => column.primaryKey())
    .addColumn("polled", "integer", (column) => column.notNull())
    .addColumn("validator", "text")
    .execute();
  await db.schema
    .createTable("seen")
    .addColumn("repository", "text", (column) => column.notNull())
    .addColumn("chart", "text", (column) => column.notNull())
    .addColumn("version", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("seen_key", ["repository", "chart", "version"])
    .execute();
}

async function createQueue(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("marks")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("due", "bigint", (column) => column.notNull())
    .addColumn("priority", "integer", (column) => column.notNull())
    .addColumn("next_due", "bigint")
    .addColumn("next_priority", "integer")
    .execute();
  await db.schema.createIndex("marks_order").on("marks").columns(["priority desc", "due"]).execute();
  await db.schema
    .createTable("failures")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("tries", "integer", (column) => column.notNull())
    .addColumn("since", "bigint")
    .execute();
  await db.schema
    .createTable("dead")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("error", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("tries", "integer", (column) => column.notNull())
    .execute();
}
