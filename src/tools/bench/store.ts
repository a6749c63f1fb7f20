// What durability costs on this machine, as ratios within one run: absolute figures depend on the disk.
// `npm run bench`: the embedded store; with DATABASE_URL also PostgreSQL.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openStore } from "../../adapters/store/open-store.ts";
import type { Store } from "../../reconcile/ports/store.ts";

const COUNT = 2000;
const ROUNDS = 5;

interface Figure {
  readonly what: string;
  readonly perSecond: number;
}

const folder = await mkdtemp(join(tmpdir(), "chart-promoter-bench-"));
try {
  const plain = {
    what: "plain durable inserts, one commit each",
    perSecond: plainInserts(join(folder, "plain.sqlite")),
  };
  print("SQLite", [plain, ...(await measure(join(folder, "data")))]);
  const url = process.env["DATABASE_URL"];
  if (url !== undefined) print("PostgreSQL", await measure(folder, url));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The yardstick: what the disk allows one row and one flush at a time. */
function plainInserts(path: string): number {
  const file = new DatabaseSync(path);
  file.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE plain (id TEXT PRIMARY KEY)");
  const insert = file.prepare("INSERT INTO plain VALUES (?)");
  const rates = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let n = 0; n < COUNT / 4; n += 1) insert.run(crypto.randomUUID());
    return (COUNT / 4 / (performance.now() - start)) * 1000;
  });
  file.close();
  return median(rates);
}

async function measure(dataFolder: string, databaseUrl?: string): Promise<readonly Figure[]> {
  const store = await openStore({
    dataFolder,
    clock: () => new Date(),
    log: { warn: () => undefined, error: () => undefined },
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  const figures = [
    { what: "accepts, 50 waiting at a time", perSecond: await rate(50, () => accept(store)) },
    { what: "accepts, one after another", perSecond: await rate(1, () => accept(store)) },
    { what: "marks of new keys, 50 at a time", perSecond: await rate(50, () => store.queue.enqueue(key())) },
    {
      what: "marks that merge, 50 at a time",
      perSecond: await rate(50, () => store.queue.enqueue("bench:same")),
    },
  ];
  await store.queue.stop(0);
  await store.close();
  return figures;
}

async function accept({ publishes }: Store): Promise<void> {
  const id = crypto.randomUUID();
  const announcement = {
    chart: "bench",
    version: id,
    repository: "bench",
    values: {},
    source: {},
    publisher: "bench",
  };
  await publishes.accept(announcement, { id, at: new Date(), webhookId: id });
}

function key(): string {
  return `bench:${crypto.randomUUID()}`;
}

/** Median over the rounds of how many a second are done by `lanes` that each wait for their own. */
async function rate(lanes: number, one: () => Promise<void>): Promise<number> {
  const count = lanes === 1 ? COUNT / 4 : COUNT;
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (let n = 0; n < count / lanes; n += 1) await one();
      }),
    );
    rates.push((count / (performance.now() - start)) * 1000);
  }
  return median(rates);
}

function median(rates: readonly number[]): number {
  return [...rates].sort((one, other) => one - other)[Math.floor(rates.length / 2)] ?? 0;
}

function print(engine: string, figures: readonly Figure[]): void {
  const yardstick = figures[0]?.perSecond ?? 1;
  process.stdout.write(`${engine}\n`);
  for (const { what, perSecond } of figures) {
    const ratio = (perSecond / yardstick).toFixed(2).padStart(6);
    process.stdout.write(`${String(Math.round(perSecond)).padStart(8)}/s ${ratio} × ${what}\n`);
  }
}
