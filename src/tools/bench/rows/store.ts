// Cost of a durable write of the store, against a plain insert of one row in its own commit on the same disk. Also on
// PostgreSQL if available: the one of DATABASE_URL, or one started for the bench.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { openStore } from "../../../adapters/store/open-store.ts";
import { chartWork } from "../../../reconcile/keys.ts";
import type { Accepted } from "../../../reconcile/ports/store/publishes.ts";
import type { Store } from "../../../reconcile/ports/store/store.ts";
import { hasPostgres, startPostgres } from "../../../sandbox/postgres.ts";
import { compare, elapsedMs, type Row } from "../row.ts";

const COUNT = 2000;
const ROUNDS = 5;
const MANY = 64;

/** `lanes`: number of concurrent writers, each waiting for its own writes. */
type Insert = (lanes: number) => Promise<number>;

export async function* storeRows(): AsyncGenerator<Row> {
  const folder = await mkdtemp(join(tmpdir(), "chart-promoter-bench-"));
  try {
    const plain = plainOnSqlite(join(folder, "plain.sqlite"));
    yield* measure("SQLite", plain.insert, { dataFolder: join(folder, "data") });
    plain.close();
    yield* onPostgres(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* onPostgres(dataFolder: string): AsyncGenerator<Row> {
  const named = process.env["DATABASE_URL"];
  if (named === undefined && !hasPostgres()) return;
  const started = named === undefined ? await startPostgres() : undefined;
  const databaseUrl = named ?? started?.url ?? "";
  const pool = new pg.Pool({ connectionString: databaseUrl, max: MANY });
  try {
    const insert = await plainOnPostgres(pool);
    yield* measure("PostgreSQL", insert, { dataFolder, databaseUrl });
    await pool.query("DROP TABLE bench_plain");
  } finally {
    await pool.end();
    await started?.close();
  }
}

function plainOnSqlite(path: string): { readonly insert: Insert; readonly close: () => void } {
  const file = new DatabaseSync(path);
  file.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE plain (id TEXT PRIMARY KEY)");
  const statement = file.prepare("INSERT INTO plain VALUES (?)");
  // SQLite has one connection, however many writers there are.
  const insert = () => costOfOne(1, async () => void statement.run(crypto.randomUUID()));
  return { insert, close: () => file.close() };
}

async function plainOnPostgres(pool: pg.Pool): Promise<Insert> {
  await pool.query("CREATE TABLE bench_plain (id TEXT PRIMARY KEY)");
  return (lanes) =>
    costOfOne(lanes, async () => {
      await pool.query("INSERT INTO bench_plain VALUES ($1)", [crypto.randomUUID()]);
    });
}

async function* measure(
  engine: string,
  plain: Insert,
  place: { readonly dataFolder: string; readonly databaseUrl?: string },
): AsyncGenerator<Row> {
  const log = { warn: () => undefined, error: () => undefined };
  const store = await openStore({ ...place, clock: () => new Date(), log });
  const row = (what: string, lanes: number, one: () => Promise<void>): Promise<Row> =>
    compare({
      ...{ what: `${engine}: ${what}, ${lanes} at a time`, against: "a plain durable insert" },
      ...{ unit: "ms", rounds: ROUNDS },
      measured: () => costOfOne(lanes, one),
      beside: () => plain(lanes),
    });
  try {
    for (const lanes of [1, 8, MANY]) yield await row("a publish accepted", lanes, () => accept(store));
    yield await row("a mark of a new key", MANY, () => store.queue.enqueue(`bench:${crypto.randomUUID()}`));
    yield await row("a mark that merges", MANY, () => store.queue.enqueue("bench:same"));
  } finally {
    await store.queue.stop(0);
    await store.close();
  }
}

/** Together with its queue mark, as in production. */
async function accept({ publishes }: Store): Promise<void> {
  const id = crypto.randomUUID();
  const workFor = ({ publish }: Accepted) => chartWork(publish);
  const announcement = {
    ...{ chart: "bench", version: id, repository: "bench", values: {}, source: {}, publisher: "bench" },
  };
  await publishes.accept(announcement, { id, at: new Date(), webhookId: id, workFor });
}

/** Milliseconds per write, with `lanes` concurrent writers. */
async function costOfOne(lanes: number, one: () => Promise<void>): Promise<number> {
  const ofEach = Math.ceil((lanes === 1 ? COUNT / 4 : COUNT) / lanes);
  const took = await elapsedMs(() =>
    Promise.all(
      Array.from({ length: lanes }, async () => {
        for (let n = 0; n < ofEach; n += 1) await one();
      }),
    ),
  );
  return took / (ofEach * lanes);
}
