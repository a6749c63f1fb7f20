// What is put down for a repository that comes and goes meanwhile: it is neither lost nor kept for ever.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import type { ChartMetadata } from "../../../src/domain/model/chart/archive.ts";
import { requestFullResync } from "../../../src/reconcile/installation/discover.ts";
import type { Store } from "../../../src/reconcile/ports/store/store.ts";
import { RetrySlots } from "../../../src/reconcile/publish/retry-slots.ts";
import { type VerifyDeps, verifyPublishes } from "../../../src/reconcile/publish/verify-publishes.ts";
import {
  completeRoutes,
  completeWork,
  loadPendingWork,
} from "../../../src/reconcile/repository/index/pending-work.ts";
import { chartRepository } from "../../adapters/charts/repository.ts";
import { announcement, delivery, MUSEUM, minute, repository } from "../../adapters/store/words.ts";

let folder: string;
let store: Store;
const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent };
const ID = repository().id;
const clock = () => minute(1);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-"));
  store = await openStore({ dataFolder: folder, clock, log });
});

afterEach(async () => {
  await store.queue.stop(0);
  await store.close();
  await rm(folder, { recursive: true });
});

async function putDown(): Promise<void> {
  await store.deliveries.keep(delivery());
  await store.publishes.route(["p1"], [ID]);
}

async function waiting() {
  return [await store.deliveries.waiting(), await store.publishes.routesOf(ID)];
}

test("what was put down for a repository that is not known any more is dropped", async () => {
  await putDown();
  expect(await loadPendingWork(ID, { store, clock })).toBeUndefined();
  expect(await waiting()).toEqual([[], []]);
});

test("however much was put down for it", async () => {
  const many = Array.from({ length: 250 }, (_, n) => `p${n}`);
  await store.publishes.route(many, [ID, ID + 1]);
  expect(await loadPendingWork(ID, { store, clock })).toBeUndefined();
  expect(await store.publishes.routesOf(ID)).toEqual([]);
  expect(await store.publishes.routesOf(ID + 1)).toHaveLength(250);
});

test("what is put down when it has just come back waits for the next look", async () => {
  const withIndex = async (id: number) => {
    const missing = await store.repositories.withIndex(id);
    await store.repositories.put(repository());
    await putDown();
    return missing;
  };
  const away = { ...store, repositories: { ...store.repositories, withIndex } };
  expect(await loadPendingWork(ID, { store: away, clock })).toBeUndefined();
  expect(await waiting()).toEqual([[ID], ["p1"]]);
});

/** What the runs of the key find, each when this has happened after its mark was claimed. */
async function runs(whileClaimed: readonly (() => Promise<unknown>)[]): Promise<readonly object[]> {
  const found: object[] = [];
  const reconcile = async () => {
    await whileClaimed[found.length]?.();
    const work = await loadPendingWork(ID, { store, clock });
    if (!work) throw new Error("the repository is not known");
    found.push({ resync: work.resync, events: work.deliveries.map(({ event }) => event.kind) });
    await completeRoutes(work, { store, clock });
    await completeWork(work, [], { store });
    return undefined;
  };
  const backoff = { firstMs: 1, factor: 2, maxMs: 10, giveUpAfterMs: 1000 };
  await store.queue.work({ concurrency: 1, reconcile, onFailure: () => undefined, backoff });
  for (
    let depth = await store.queue.depth();
    depth.due + depth.running > 0;
    depth = await store.queue.depth()
  )
    await new Promise(setImmediate);
  return found;
}

function pushed(id: string): Promise<void> {
  const [before, after] = ["a".repeat(40), "b".repeat(40)];
  const event = {
    kind: "branch-pushed",
    branch: "main",
    before,
    after,
    forced: false,
    pusher: "ann",
  } as const;
  return store.deliveries.keepAndEnqueue([delivery({ id, event })], { key: `repository:${ID}` });
}

async function known(requeueAt?: Date): Promise<void> {
  await store.repositories.put(repository());
  const index = { problems: [], dependents: [], ...(requeueAt && { requeueAt: requeueAt.toISOString() }) };
  await store.repositories.setIndex(ID, index);
}

const NOTHING = { resync: false, events: [] };

test("what is put down between a run's claim and its look is dealt with once, and nothing is read for its mark", async () => {
  await known();
  await pushed("d1");
  const found = await runs([() => pushed("d2")]);
  expect(found).toEqual([{ resync: false, events: ["branch-pushed", "branch-pushed"] }, NOTHING]);
});

test("a publish that is routed between a run's claim and its look, too", async () => {
  await known();
  await store.publishes.accept(announcement(), { id: "p1", at: minute(1) });
  await store.publishes.verify("p1", { routes: [ID] });
  await store.queue.enqueue(`repository:${ID}`);
  expect(await runs([() => store.queue.enqueue(`repository:${ID}`)])).toEqual([NOTHING, NOTHING]);
  expect(await store.publishes.routesOf(ID)).toEqual([]);
});

test.each([
  [
    "a resync that is asked for while another one is made",
    true,
    () => requestFullResync(ID, { store, clock }),
  ],
  ["a mark that nobody gave a reason for", false, () => store.queue.enqueue(`repository:${ID}`)],
])("%s", async (_what, resync, ask) => {
  await known();
  await requestFullResync(ID, { store, clock });
  const { deliveries } = store;
  let isAsked = false;
  const undone = async (id: number) => {
    const found = await deliveries.undone(id);
    if (!isAsked) await ask();
    isAsked = true;
    return found;
  };
  store = { ...store, deliveries: { ...deliveries, undone } };
  expect((await runs([])).map((one) => "resync" in one && one.resync)).toEqual([true, resync]);
});

test.each([
  ["at this very instant", minute(1), true],
  ["later", minute(2), false],
  ["earlier, while nobody ran", minute(0), true],
])("everything is looked at where that is due %s", async (_when, requeueAt, resync) => {
  await known(requeueAt);
  await store.queue.enqueue(`repository:${ID}`);
  expect(await runs([])).toEqual([{ resync, events: [] }]);
});

test("a repository that is indexed while a publish is being verified has to look at it", async () => {
  await store.repositories.put(repository());
  await store.publishes.accept(announcement(), { id: "p1", at: minute(1) });
  const keepSightings: Store["publishes"]["keepSightings"] = async (sightings, routes) => {
    const xposer = { repositoryId: ID, environment: "dev", chart: "xposer", key: "xposer" };
    await store.repositories.setIndex(ID, {
      problems: [],
      dependents: [{ ...xposer, chartRepository: MUSEUM }],
    });
    await store.publishes.keepSightings(sightings, routes);
  };
  const metadata: ChartMetadata = {
    apiVersion: "v1",
    name: "xposer",
    version: "1.0.0",
    deprecated: false,
    sources: [],
    annotations: {},
    dependencies: [],
  };
  const deps: VerifyDeps = {
    store: { ...store, publishes: { ...store.publishes, keepSightings } },
    settings: { chartRepositories: [chartRepository("http://127.0.0.1", { name: MUSEUM })] },
    charts: {
      lookUpAll: async () => [{ kind: "found", metadata }],
    },
    clock: () => minute(1),
    log,
    retrySlots: new RetrySlots(),
  };
  await verifyPublishes({ repository: MUSEUM, chart: "xposer" }, deps);
  expect(await store.publishes.routesOf(ID)).toEqual(["p1"]);
});
