// Startup work of a server with a backlog of 10,000 publishes of ten charts, against one with ten publishes; and how
// long a publish of one of these charts waits when it is announced during the backlog. Also on PostgreSQL if installed.

import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../../adapters/store/open-store.ts";
import type { Settings } from "../../../domain/model/config/settings.ts";
import type { Store } from "../../../reconcile/ports/store/store.ts";
import { newDataFolder } from "../../../sandbox/data-folder.ts";
import { hasPostgres, startPostgres } from "../../../sandbox/postgres.ts";
import { PIPELINE } from "../../../sandbox/test-bed.ts";
import { type OwnProcess, startOwnProcess } from "../own-process.ts";
import { type Row, rowOf, type Unit } from "../row.ts";
import { announce, foundWorld, progressOf } from "../world.ts";

const MANY = 10_000;
const FEW = 10;
const ROUNDS = 3;
const CHARTS = Array.from({ length: 10 }, (_, n) => `chart-${n}`);
const FRESH = "2.0.0";

const FIGURES = [
  { name: "readyMs", says: "until it listens", unit: "ms" },
  { name: "answeredMs", says: "a fresh publish answered", unit: "ms" },
  { name: "proposedMs", says: "a fresh publish proposed", unit: "ms" },
  { name: "settledMs", says: "until all are settled", unit: "ms" },
  { name: "cpuMs", says: "processor time", unit: "ms" },
  { name: "mostMb", says: "memory", unit: "MB" },
] as const satisfies readonly { readonly name: string; readonly says: string; readonly unit: Unit }[];

type Figures = Readonly<Record<(typeof FIGURES)[number]["name"], number>>;

export async function* waitingRows(): AsyncGenerator<Row> {
  yield* rowsOn("SQLite", (waiting) => catchUp(waiting));
  if (hasPostgres()) yield* rowsOn("PostgreSQL", onPostgres);
}

async function* rowsOn(engine: string, measure: (waiting: number) => Promise<Figures>): AsyncGenerator<Row> {
  const rounds: (readonly [many: Figures, few: Figures])[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const few = await measure(FEW);
    rounds.push([await measure(MANY), few]);
  }
  for (const { name, says, unit } of FIGURES) {
    const pairs = rounds.map(([many, few]) => [many[name], few[name]] as const);
    const what = `${engine}: ${MANY} publishes waiting at the start: ${says}`;
    yield rowOf({ what, against: `${FEW} publishes waiting`, unit }, pairs);
  }
}

async function onPostgres(waiting: number): Promise<Figures> {
  const server = await startPostgres();
  try {
    return await catchUp(waiting, server.url);
  } finally {
    await server.close();
  }
}

async function catchUp(waiting: number, databaseUrl?: string): Promise<Figures> {
  const dataFolder = await newDataFolder("chart-promoter-bench");
  const versions = Array.from({ length: Math.ceil(waiting / CHARTS.length) }, (_, n) => `1.0.${n}`);
  const listed = [FRESH, ...versions.toReversed(), "0.1.0"];
  const world = await foundWorld({
    repositories: CHARTS.map((chart) => [chart]),
    versions: new Map(CHARTS.map((chart) => [chart, listed])),
    dataFolder,
    ...(databaseUrl !== undefined && { settings: { databaseUrl } }),
  });
  const start = async () => {
    const server = await startOwnProcess(world.settings);
    world.sendWebhooksTo(server.url);
    return server;
  };
  const discovering = await start();
  await discovering.idle();
  await discovering.stop();
  await withStore(world.settings, (store) => announceAll(store, versions));
  const begun = performance.now();
  const server = await start();
  const fresh = await announceFresh(server);
  await server.idle();
  const settledMs = performance.now() - begun;
  const { cpuMs, mostBytes } = await server.stop();
  await withStore(world.settings, expectNothingWaits);
  await world.close();
  await rm(dataFolder, { recursive: true, force: true });
  return { readyMs: server.readyMs, ...fresh, settledMs, cpuMs, mostMb: mostBytes / 1e6 };
}

async function withStore(
  { dataFolder, databaseUrl: url }: Settings,
  use: (store: Store) => Promise<void>,
): Promise<void> {
  const log = { warn: () => undefined, error: () => undefined };
  const clock = () => new Date();
  const store = await openStore({ dataFolder, clock, log, ...(url !== undefined && { databaseUrl: url }) });
  await use(store);
  await store.close();
}

async function announceAll({ publishes }: Store, versions: readonly string[]): Promise<void> {
  const about = { repository: PIPELINE.repository, values: {}, source: {}, publisher: PIPELINE.name };
  for (const version of versions)
    await Promise.all(
      CHARTS.map((chart) =>
        publishes.accept({ ...about, chart, version }, { id: crypto.randomUUID(), at: new Date() }),
      ),
    );
}

async function announceFresh({ url }: OwnProcess) {
  const begun = performance.now();
  const id = await announce(url, { chart: CHARTS[0] ?? "", version: FRESH });
  const answeredMs = performance.now() - begun;
  for (;;) {
    const { promotions } = await progressOf(url, id);
    if (promotions.some(({ state }) => state === "proposed")) break;
    await sleep(20);
  }
  return { answeredMs, proposedMs: performance.now() - begun };
}

async function expectNothingWaits({ publishes }: Store): Promise<void> {
  const accepted = await publishes.list({ state: "accepted", limit: 1 });
  const routes = await publishes.allPendingRoutes();
  if (accepted.length + routes.length > 0) throw new Error("Something waits that ought to be settled.");
}
