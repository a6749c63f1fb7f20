// Drift reports, the watch of each environment, and requests for repeated deployments.

import type { EnvironmentKey } from "../../../domain/model/config/config.ts";
import type { DriftReport, DriftWatch, RepeatRequest } from "../../../domain/model/drift.ts";
import type { DriftRecords } from "../../../reconcile/ports/store/drift-records.ts";
import * as column from "../columns.ts";
import type { Database, Queries } from "../database.ts";
import type { DriftWatchRow, RepeatRequestRow } from "../schema.ts";

export function createDriftRecords(database: Database): DriftRecords {
  const { read } = database;
  return {
    reports: async (key) => {
      const rows = await inEnvironment(read.selectFrom("drift_reports"), key)
        .select(["version", "report"])
        .orderBy("deployer")
        .execute();
      return rows.map(({ version, report }) => ({ version, report: column.driftReport(report) }));
    },
    replaceReport: (key, known, next) => database.write((db) => replaceReport(db, key, { known, next })),
    watch: async (key) => {
      const row = await inEnvironment(read.selectFrom("drift_watches"), key)
        .select(["watch", "keep"])
        .executeTakeFirst();
      return row && toWatch(row);
    },
    watches: async () => {
      const rows = await read
        .selectFrom("drift_watches")
        .selectAll()
        .orderBy("repository_id")
        .orderBy("environment")
        .execute();
      return rows.map(({ repository_id, environment, ...row }) => ({
        ...{ repositoryId: repository_id, environment },
        watch: toWatch(row),
      }));
    },
    setWatch: (key, { keep: _keep, ...watch }) =>
      database.write((db) => putWatch(db, key, { watch: JSON.stringify(watch) })),
    keep: (key, keep) => database.write((db) => putWatch(db, key, { keep: JSON.stringify(keep) })),
    forget: (key) =>
      database.write(async (db) => {
        await inEnvironment(db.deleteFrom("drift_reports"), key).execute();
        await inEnvironment(db.deleteFrom("drift_watches"), key).execute();
      }),
    keepRequest: (key, request) => database.write((db) => insertRequest(db, key, request)),
    requests: async (key) => {
      const rows = await inEnvironment(read.selectFrom("repeat_requests"), key)
        .selectAll()
        .orderBy("at")
        .orderBy("intent")
        .execute();
      return rows.map(toRequest);
    },
    answered: (key, intent) =>
      database.write(async (db) => {
        await inEnvironment(db.deleteFrom("repeat_requests"), key).where("intent", "=", intent).execute();
      }),
    waiting: async () => {
      const rows = await read
        .selectFrom("repeat_requests")
        .select(["repository_id", "environment"])
        .distinct()
        .execute();
      return rows.map(({ repository_id, environment }) => ({ repositoryId: repository_id, environment }));
    },
  };
}

interface InEnvironment<Self> {
  where(column: "repository_id" | "environment", operator: "=", value: number | string): Self;
}

function inEnvironment<Query extends InEnvironment<Query>>(query: Query, key: EnvironmentKey): Query {
  return query.where("repository_id", "=", key.repositoryId).where("environment", "=", key.environment);
}

function keyColumns({ repositoryId, environment }: EnvironmentKey) {
  return { repository_id: repositoryId, environment };
}

/** One statement, so that of several callers with the same known version only one succeeds. */
async function replaceReport(
  db: Queries,
  key: EnvironmentKey,
  { known, next }: { readonly known: number; readonly next: DriftReport },
): Promise<boolean> {
  const row = {
    ...keyColumns(key),
    deployer: next.deployer,
    version: known + 1,
    report: JSON.stringify(next),
  };
  if (known === 0) {
    const { numInsertedOrUpdatedRows = 0n } = await db
      .insertInto("drift_reports")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows > 0n;
  }
  const { numUpdatedRows } = await inEnvironment(db.updateTable("drift_reports"), key)
    .set({ version: row.version, report: row.report })
    .where("deployer", "=", next.deployer)
    .where("version", "=", known)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Leaves the column `keep` as it is. */
async function putWatch(
  db: Queries,
  key: EnvironmentKey,
  change: { readonly watch: string } | { readonly keep: string },
): Promise<void> {
  const unwatched = JSON.stringify({ since: new Date(0) });
  await db
    .insertInto("drift_watches")
    .values({ ...keyColumns(key), watch: unwatched, ...change })
    .onConflict((conflict) => conflict.columns(["repository_id", "environment"]).doUpdateSet(change))
    .execute();
}

async function insertRequest(db: Queries, key: EnvironmentKey, request: RepeatRequest): Promise<void> {
  await db
    .insertInto("repeat_requests")
    .values({
      ...keyColumns(key),
      intent: request.intent,
      task: request.task,
      asked_by: request.by,
      at: request.at.getTime(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function toWatch({ watch, keep }: Pick<DriftWatchRow, "watch" | "keep">): DriftWatch {
  return { ...column.driftWatch(watch), ...column.optional("keep", keep, column.keep) };
}

function toRequest({ intent, task, asked_by, at }: RepeatRequestRow): RepeatRequest {
  return { intent, task, by: asked_by, at: column.date(at) };
}
