// A long past on the embedded engine, whose queries hold the event loop: forgotten, or found to be needed still, in short steps.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import { EMBEDDED_DATABASE } from "../../../src/adapters/store/sqlite/open.ts";
import type { Store } from "../../../src/reconcile/ports/store/store.ts";
import { prune } from "../../../src/reconcile/prune.ts";
import { minute } from "./words.ts";

const MANY = 60_000;
const clock = () => new Date();
const log = { warn: () => undefined, error: () => undefined };
const TERMS = {
  ...{ ofChart: 2, ofPublisher: 100_000, deployed: 2 },
  ...{ rejectedSince: minute(0), otherBytesSince: minute(0) },
};

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-store-"));
  store = await openStore({ dataFolder: folder, clock, log });
});
afterEach(async () => {
  await store.queue.stop(0);
  await store.close();
  await rm(folder, { recursive: true });
});

/** Charts of verified publishes, by the counts of their publishes, written past the store. */
function keepPublishes(charts: Iterable<readonly [chart: string, count: number]>, more = ""): void {
  const database = new DatabaseSync(join(folder, EMBEDDED_DATABASE));
  database.exec("begin");
  const insert =
    database.prepare(`insert into publishes (id, repository, chart, version, chart_values, source, publisher,
    at, state) values (?, 'museum', ?, ?, '{}', '{}', 'grower', ?, 'verified')`);
  let at = 0;
  for (const [chart, count] of charts)
    for (let n = 0; n < count; n += 1) {
      at += 1;
      insert.run(`p${at}`, chart, `1.0.${n}`, at);
    }
  database.exec(`${more}; commit`);
  database.close();
}

/** Processor time in ms of the longest turn of the event loop meanwhile, so that a busy machine blames nobody. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  collectGarbage();
  let isOver = false;
  let longest = 0;
  let before = spentMs();
  const turn = () => {
    longest = Math.max(longest, spentMs() - before);
    before = spentMs();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  return longest;
}

/** What the files before this one left in the process: to collect it in a turn that is measured took as long as ten turns. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

function spentMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

test.each([
  [
    "of one chart that a repository has still to reconcile",
    1,
    "insert into routes (publish_id, repository_id) select id, 77 from publishes",
  ],
  [
    "of as many charts that nobody depends on, to reconcile still",
    MANY,
    "insert into routes (publish_id, repository_id) select id, 77 from publishes",
  ],
  [
    "of as many charts that somebody depends on",
    MANY,
    "insert into dependents select chart, repository, 77 from publishes",
  ],
])(
  "%s",
  async (_what, charts, more) => {
    keepPublishes(
      Array.from({ length: charts }, (_, n) => [`chart-${n}`, MANY / charts] as const),
      more,
    );
    expect(await longestTurn(() => prune({ store, clock }))).toBeLessThan(100);
    const database = new DatabaseSync(join(folder, EMBEDDED_DATABASE), { readOnly: true });
    expect(database.prepare("select count(*) as count from publishes").get()).toEqual({ count: MANY });
    database.close();
  },
  240_000,
);

test.each([497, 498, 499, 500, 501])(
  "a crowded chart is found behind %d others",
  async (others) => {
    const alone = Array.from({ length: others }, (_, n) => [`a${String(n).padStart(4, "0")}`, 1] as const);
    keepPublishes([...alone, ["b", 4], ["c", 2], ["d", 2_000], ["e", 3]]);
    expect(await store.retention.forgetPublishes(TERMS)).toBe(2 + 1_998 + 1);
  },
  60_000,
);

test("deliveries and events that are long past are forgotten in short steps", async () => {
  const database = new DatabaseSync(join(folder, EMBEDDED_DATABASE));
  database.exec("begin");
  const numbers = `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${MANY})`;
  database.exec(`insert into deliveries ${numbers} select 'd' || n, 77, '{"kind":"push","branch":"main"}', n, n from numbers;
    insert into history (id, kind, at, handed_on, facts) ${numbers} select 'h' || n, 'verified', n, 1, '{}' from numbers;
    insert into notices ${numbers} select 'pager', 'h' || n from numbers; commit`);
  const longest = await longestTurn(async () => {
    await store.deliveries.prune(clock());
    await store.history.prune(clock());
  });
  const left = (table: string) => database.prepare(`select count(*) as count from ${table}`).get();
  expect(["deliveries", "history", "notices"].map(left)).toEqual(Array(3).fill({ count: 0 }));
  database.close();
  expect(longest).toBeLessThan(100);
}, 120_000);

test("deployments of many environments are counted, and those long past forgotten, in short steps", async () => {
  const database = new DatabaseSync(join(folder, EMBEDDED_DATABASE));
  const [count, environments] = [300_000, 400];
  database.exec(`begin;
    insert into deployments (repository_id, environment, sha, intent, pull_request, promotions, state, github_id, deployers,
      created_at, changed_at, emergency)
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${count})
    select n % 20, 'e' || (n % ${environments}), 's' || n, 'merge', 1, '[]', 'success', n, '[]', n, n, 0 from numbers; commit`);
  const ofEnvironment = count / environments - 1;
  let forgotten = 0;
  const longest = await longestTurn(async () => {
    forgotten = await store.retention.forgetDeployments({ ofEnvironment, since: clock() });
  });
  expect(forgotten).toBe(environments);
  const left = database.prepare("select count(*) as count from deployments").get();
  expect(left).toEqual({ count: count - environments });
  database.close();
  expect(longest).toBeLessThan(100);
}, 120_000);
