// What is put down for a repository that comes and goes meanwhile: it is neither lost nor kept for ever.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openStore } from "../../src/adapters/store/open-store.ts";
import type { ChartMetadata } from "../../src/domain/model/chart/archive.ts";
import type { Store } from "../../src/reconcile/ports/store.ts";
import { RetrySlots } from "../../src/reconcile/publish/retry-slots.ts";
import { type VerifyDeps, verifyPublishes } from "../../src/reconcile/publish/verify-publishes.ts";
import { loadPendingWork } from "../../src/reconcile/repository/pending-work.ts";
import { chartRepository } from "../adapters/charts/repository.ts";
import { announcement, delivery, MUSEUM, minute, repository } from "../adapters/store/words.ts";

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
  const get = async (id: number) => {
    const missing = await store.repositories.get(id);
    await store.repositories.put(repository());
    await putDown();
    return missing;
  };
  const away = { ...store, repositories: { ...store.repositories, get } };
  expect(await loadPendingWork(ID, { store: away, clock })).toBeUndefined();
  expect(await waiting()).toEqual([[ID], ["p1"]]);
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
