// Opens the store: embedded in the data folder, or on PostgreSQL when the operator named a database.

import type { Store } from "../../reconcile/ports/store/store.ts";
import type { Database, StoreLog } from "./database.ts";
import type { Claims, Marking } from "./queue/claims.ts";
import { MarksQueue } from "./queue/marks-queue.ts";
import { SqliteClaims } from "./sqlite/claims.ts";
import { openSqlite } from "./sqlite/open.ts";
import { noopObserver, type StateObserver } from "./state-observer.ts";
import { createChecks } from "./tables/checks.ts";
import { createBoardRecords } from "./tables/dashboard/board.ts";
import { createDashboardIssues } from "./tables/dashboard/dashboard-issues.ts";
import { createSessions } from "./tables/dashboard/sessions.ts";
import { createDeliveries } from "./tables/deliveries.ts";
import { createDeployments } from "./tables/deployments.ts";
import { createDriftRecords } from "./tables/drift.ts";
import { createGlances } from "./tables/glances.ts";
import { createHistory } from "./tables/history.ts";
import { createJudgedCharts } from "./tables/judged-charts.ts";
import { createPermissions } from "./tables/permissions.ts";
import { createPolls } from "./tables/polls.ts";
import { createPromotions } from "./tables/promotions.ts";
import { type KeepNew, keepNew, type NewPublish } from "./tables/publish/new-publishes.ts";
import { createPublishes } from "./tables/publish/publishes.ts";
import { createTracedCalls } from "./tables/publish/traced-calls.ts";
import { createRepositories } from "./tables/repositories.ts";
import { createRetention } from "./tables/retention/retention.ts";

export interface StoreOptions {
  /** `postgres://…`; absent for the embedded database. */
  readonly databaseUrl?: string;
  /** Folder of the embedded database; created when it does not exist. */
  readonly dataFolder: string;
  readonly clock: () => Date;
  readonly log: StoreLog;
  /** Observes every change of state made through this store. */
  readonly states?: StateObserver;
}

/**
 * Opens the store and migrates its tables. Throws a StoreRefusal for problems that the operator has to fix, such as
 * another process using the data folder. Stop the queue before `close`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl } = options;
  return databaseUrl === undefined ? openEmbedded(options) : openShared(databaseUrl, options);
}

async function openEmbedded({ dataFolder, clock, log, states }: StoreOptions): Promise<Store> {
  const database = await openSqlite(dataFolder, clock);
  const claims = new SqliteClaims(database);
  const queue = new MarksQueue({ database, claims, log, longestSleepMs: 1000 });
  const put = claims.put.bind(claims);
  const engine = {
    ...{ database, claims, queue },
    keepNew: (one: NewPublish) => database.write((db) => keepNew(db, one, put)),
  };
  return { ...aggregates(engine, states), queue, close: () => database.close() };
}

async function openShared(url: string, { clock, log, states }: StoreOptions): Promise<Store> {
  const [{ openPostgres }, { PostgresClaims }, { keepNewOn }] = await Promise.all([
    import("./postgres/open.ts"),
    import("./postgres/claims.ts"),
    import("./postgres/new-publishes.ts"),
  ]);
  const database = await openPostgres(url, { clock, log });
  const claims = new PostgresClaims(database, log);
  const queue = new MarksQueue({ database, claims, log, longestSleepMs: 250 });
  const close = async () => {
    claims.close();
    await database.close();
  };
  const engine = { database, claims, queue, keepNew: keepNewOn(database) };
  return { ...aggregates(engine, states), queue, close };
}

interface Engine {
  readonly database: Database;
  readonly claims: Claims;
  readonly queue: MarksQueue;
  readonly keepNew: KeepNew;
}

function aggregates(
  { database, claims, queue, keepNew }: Engine,
  states: StateObserver = noopObserver,
): Omit<Store, "queue" | "close"> {
  const marking: Marking = { put: claims.put.bind(claims), wake: () => queue.wake() };
  return {
    publishes: createPublishes(database, { states, keepNew, ...marking }),
    promotions: createPromotions(database, states),
    repositories: createRepositories(database, states),
    deliveries: createDeliveries(database, marking),
    deployments: createDeployments(database, states),
    drift: createDriftRecords(database),
    history: createHistory(database, states),
    board: createBoardRecords(database),
    checks: createChecks(database),
    glances: createGlances(database),
    polls: createPolls(database),
    judgedCharts: createJudgedCharts(database),
    permissions: createPermissions(database, marking),
    dashboardIssues: createDashboardIssues(database),
    tracedCalls: createTracedCalls(database),
    retention: createRetention(database),
    sessions: createSessions(database),
    ping: async () => {
      await database.read.selectFrom("poll_states").select("repository").limit(1).execute();
    },
  };
}
