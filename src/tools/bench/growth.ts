// What a hundred thousand publishes of one publisher leave behind, and what they cost a look at a config repository that
// depends on the chart. `npm run bench`; GROWTH_PUBLISHES for another number, GROWTH_KIB of values in each (1), DATABASE_URL
// for PostgreSQL.

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openStore } from "../../adapters/store/open-store.ts";
import type { Store } from "../../reconcile/ports/store.ts";
import { prune } from "../../reconcile/prune.ts";

const COUNT = Number(process.env["GROWTH_PUBLISHES"] ?? 100_000);
const KIB = Number(process.env["GROWTH_KIB"] ?? 1);
const DATABASE_URL = process.env["DATABASE_URL"];
const AT_ONCE = 50;
/** As many as come in ten minutes by the default quota, after which the server prunes. */
const BETWEEN_PRUNES = 1_200;
const REPOSITORY_ID = 77;
const CHART = { chart: "grown", repository: "museum" };

const folder = await mkdtemp(join(tmpdir(), "chart-promoter-growth-"));
const store = await openStore({
  dataFolder: folder,
  clock: () => new Date(),
  log: { warn: () => undefined, error: () => undefined },
  ...(DATABASE_URL !== undefined && { databaseUrl: DATABASE_URL }),
});
try {
  await tell(AT_ONCE);
  const before = await lookMs(store);
  await tell(COUNT);
  print("all of them", await figures(before));
  const blocks = monitorEventLoopDelay({ resolution: 1 });
  blocks.enable();
  const begun = performance.now();
  await prune({ store, clock: () => new Date() });
  blocks.disable();
  print(`pruned at once in ${((performance.now() - begun) / 1000).toFixed(1)} s`, [
    ...(await figures(before)),
    `longest block ${(blocks.max / 1e6).toFixed(0)} ms`,
  ]);
  await tell(COUNT, () => prune({ store, clock: () => new Date() }));
  print("as many again, pruned as the server does", await figures(before));
} finally {
  await store.queue.stop(0);
  await store.close();
  await rm(folder, { recursive: true, force: true });
}

/** Announced, verified, reconciled, and overtaken in three environments. */
async function tell(count: number, between?: () => Promise<unknown>): Promise<void> {
  const values = KIB === 0 ? {} : { text: "x".repeat(KIB * 1024) };
  for (let n = 0; n < count; n += AT_ONCE) {
    if (between !== undefined && n % BETWEEN_PRUNES < AT_ONCE) await between();
    const ids = Array.from({ length: AT_ONCE }, () => crypto.randomUUID());
    await Promise.all(ids.map((id) => tellOne(id, values)));
  }
}

async function tellOne(id: string, values: { readonly text?: string }): Promise<void> {
  const announcement = { ...CHART, version: `1.0.0-${id}`, values, source: {}, publisher: "grower" };
  await store.publishes.accept(announcement, { id, at: new Date(), webhookId: id });
  await store.publishes.verify(id, { routes: [REPOSITORY_ID] });
  await store.promotions.record(
    ["dev", "staging", "prod"].map((environment) => ({
      ...{ publishId: id, repositoryId: REPOSITORY_ID, environment, chart: CHART.chart },
      ...{ state: "superseded", because: "a newer version took its place" },
    })),
  );
  await store.publishes.routed([id], REPOSITORY_ID);
}

/** What a look reads of them. */
async function lookMs({ publishes, promotions }: Store): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const begun = performance.now();
    await publishes.verifiedOf([CHART], 100);
    await promotions.ofRepository(REPOSITORY_ID);
    rounds.push(performance.now() - begun);
  }
  return Math.min(...rounds);
}

async function figures(before: number): Promise<readonly string[]> {
  const now = await lookMs(store);
  const file = DATABASE_URL === undefined ? await stat(join(folder, "chart-promoter.sqlite")) : undefined;
  return [
    ...(file ? [`database ${(file.size / 1e6).toFixed(0)} MB`] : []),
    `a look reads for ${now.toFixed(1)} ms (${before.toFixed(1)} ms with ${AT_ONCE})`,
    `memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  ];
}

function print(what: string, said: readonly string[]): void {
  process.stdout.write(`${COUNT} publishes, ${what}: ${said.join(", ")}\n`);
}
