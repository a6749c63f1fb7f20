// Opens the store: embedded in the data folder, or on PostgreSQL when the operator named a database.

import type { Database, StoreLog } from "./database.ts";
import { createDeliveries } from "./deliveries.ts";
import { createDeployments } from "./deployments.ts";
import { createPolls } from "./polls.ts";
import { openPostgres } from "./postgres.ts";
import { createPromotions } from "./promotions.ts";
import { createPublishes } from "./publishes.ts";
import { startPostgresQueue } from "./queue-postgres.ts";
import { SqliteQueue } from "./queue-sqlite.ts";
import { createRepositories } from "./repositories.ts";
import { openSqlite } from "./sqlite.ts";
import { NOBODY, type States } from "./states.ts";
import type { Store } from "./store.ts";

export interface StoreOptions {
  /** `postgres://…`; absent for the embedded database. */
  readonly databaseUrl?: string;
  /** Where the embedded database lies; made when it is not there. */
  readonly dataFolder: string;
  readonly clock: () => Date;
  readonly log: StoreLog;
  /** Told of every change of state that is made through this store. */
  readonly states?: States;
}

/**
 * The store, its tables brought up to date. Throws a StoreRefusal when the operator has to put something right,
 * as when another process uses the data folder. Stop the queue before `close`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl } = options;
  return databaseUrl === undefined ? openEmbedded(options) : openShared(databaseUrl, options);
}

async function openEmbedded({ dataFolder, clock, log, states }: StoreOptions): Promise<Store> {
  const database = await openSqlite(dataFolder, clock);
  const queue = new SqliteQueue(database, log);
  return { ...aggregates(database, states), queue, close: () => database.close() };
}

async function openShared(url: string, { clock, log, states }: StoreOptions): Promise<Store> {
  const database = await openPostgres(url, { clock, log });
  const queue = await startPostgresQueue(url, database, log).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const close = async () => {
    await queue.close();
    await database.close();
  };
  return { ...aggregates(database, states), queue, close };
}

function aggregates(database: Database, states: States = NOBODY): Omit<Store, "queue" | "close"> {
  return {
    publishes: createPublishes(database, states),
    promotions: createPromotions(database, states),
    repositories: createRepositories(database, states),
    deliveries: createDeliveries(database),
    deployments: createDeployments(database, states),
    polls: createPolls(database),
    ping: async () => {
      await database.read.selectFrom("polls").select("repository").limit(1).execute();
    },
  };
}
