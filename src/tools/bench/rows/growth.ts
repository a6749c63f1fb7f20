// What many publishes of one publisher leave behind: what they cost a look at a config repository that depends on the chart,
// against a look when there were few; and what it costs to forget them. GROWTH_PUBLISHES for another number, GROWTH_KIB of
// values in each (1), DATABASE_URL for PostgreSQL.

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openStore } from "../../../adapters/store/open-store.ts";
import type { Store } from "../../../reconcile/ports/store/store.ts";
import { prune } from "../../../reconcile/prune.ts";
import { elapsedMs, type Row, rowOf } from "../row.ts";

const COUNT = Number(process.env["GROWTH_PUBLISHES"] ?? 10_000);
const KIB = Number(process.env["GROWTH_KIB"] ?? 1);
const DATABASE_URL = process.env["DATABASE_URL"];
const AT_ONCE = 50;
const FEW = 500;
const LOOKS = 9;
/** Publishes in ten minutes at the default quota, which is the interval at which the server prunes. */
const BETWEEN_PRUNES = 1_200;
const REPOSITORY_ID = 77;
const CHART = { chart: "grown", repository: "museum" };

export async function* growthRows(): AsyncGenerator<Row> {
  const dataFolder = await mkdtemp(join(tmpdir(), "chart-promoter-growth-"));
  const store = await openStore({
    ...{ dataFolder, clock: () => new Date(), log: { warn: () => undefined, error: () => undefined } },
    ...(DATABASE_URL !== undefined && { databaseUrl: DATABASE_URL }),
  });
  try {
    yield* grownAndForgotten(store);
    if (DATABASE_URL === undefined) yield* fileGrown(store, join(dataFolder, "chart-promoter.sqlite"));
  } finally {
    await store.queue.stop(0);
    await store.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** One population, so a round is a look; those of few were taken before. */
async function* grownAndForgotten(store: Store): AsyncGenerator<Row> {
  const against = `the same with ${FEW} publishes`;
  await announce(store, FEW);
  const few = await reconciles(store);
  const announceAndMeasure = async (after: string): Promise<Row> => {
    const now = await reconciles(store);
    const pairs = now.map((ms, round) => [ms, few[round] ?? ms] as const);
    return rowOf({ what: `a reconcile of a repository, ${after}`, against, unit: "ms" }, pairs);
  };

  const firstHalf = await measured(() => announce(store, COUNT / 2));
  const half = await announceAndMeasure(`${COUNT / 2} publishes on record`);
  const secondHalf = await measured(() => announce(store, COUNT / 2));
  const all = await announceAndMeasure(`${COUNT} publishes on record`);
  yield { ...all, growth: [all.median / half.median] };

  const pruned = await measured(() => prune({ store, clock: () => new Date() }));
  const forgotten = `${COUNT} publishes forgotten at once`;
  yield rowOf({ what: forgotten, against: "telling them", unit: "ms" }, [
    [pruned.ms, firstHalf.ms + secondHalf.ms],
  ]);
  yield rowOf(
    { what: `longest block of the event loop, ${forgotten}`, against: "telling them", unit: "ms" },
    [[pruned.longestBlockMs, secondHalf.longestBlockMs]],
  );
  yield await announceAndMeasure("once they are forgotten");
}

/** File size when the server prunes an old publish for each new one. */
async function* fileGrown(store: Store, file: string): AsyncGenerator<Row> {
  const before = await stat(file);
  await announce(store, COUNT, () => prune({ store, clock: () => new Date() }));
  const after = await stat(file);
  const what = `database after ${COUNT} more, forgotten as the server does`;
  yield rowOf({ what, against: "before", unit: "MB" }, [[after.size / 1e6, before.size / 1e6]]);
}

async function measured(
  run: () => unknown,
): Promise<{ readonly ms: number; readonly longestBlockMs: number }> {
  const blocks = monitorEventLoopDelay({ resolution: 1 });
  blocks.enable();
  const ms = await elapsedMs(run);
  blocks.disable();
  return { ms, longestBlockMs: blocks.max / 1e6 };
}

/** Publishes that are announced, verified, reconciled, and superseded in three environments. */
async function announce(store: Store, count: number, between?: () => Promise<unknown>): Promise<void> {
  const values = KIB === 0 ? {} : { text: "x".repeat(KIB * 1024) };
  for (let n = 0; n < count; n += AT_ONCE) {
    if (between !== undefined && n % BETWEEN_PRUNES < AT_ONCE) await between();
    const ids = Array.from({ length: AT_ONCE }, () => crypto.randomUUID());
    await Promise.all(ids.map((id) => announceOne(store, id, values)));
  }
}

async function announceOne(store: Store, id: string, values: { readonly text?: string }): Promise<void> {
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

/** Milliseconds of each reconcile. */
async function reconciles({ publishes, promotions }: Store): Promise<readonly number[]> {
  const rounds: number[] = [];
  for (let round = 0; round < LOOKS; round += 1)
    rounds.push(
      await elapsedMs(async () => {
        await publishes.verifiedOf([CHART], 100);
        await promotions.ofRepository(REPOSITORY_ID);
      }),
    );
  return rounds;
}
