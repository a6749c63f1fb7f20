// Which installation covers a repository, when it moves while both are being listed: no order of the two loses it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openStore } from "../../src/adapters/store/open-store.ts";
import type { ConfigRepository, Dependent } from "../../src/domain/model/github/repository.ts";
import { type DiscoverDeps, discover } from "../../src/reconcile/installation/discover.ts";
import type { Store } from "../../src/reconcile/ports/store/store.ts";
import { announcement, MUSEUM, minute, repository } from "../adapters/store/words.ts";

const ACME = 5;
const GLOBEX = 6;
const ID = repository().id;
const XPOSER = { chart: "xposer", repository: MUSEUM };

let folder: string;
let store: Store;
let covered: ReadonlyMap<number, readonly ConfigRepository[]>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-"));
  const log = { warn: () => undefined, error: () => undefined };
  store = await openStore({ dataFolder: folder, clock: () => minute(1), log });
  moveTo(ACME);
  await discover(ACME, deps());
  const dependent: Dependent = {
    repositoryId: ID,
    environment: "dev",
    chart: "xposer",
    key: "xposer",
    chartRepository: MUSEUM,
  };
  await store.repositories.setIndex(ID, { problems: [], dependents: [dependent] });
  await store.publishes.accept(announcement(), { id: "p1", at: minute(1) });
  await store.publishes.verify("p1", { routes: [ID] });
});

afterEach(async () => {
  await store.queue.stop(0);
  await store.close();
  await rm(folder, { recursive: true });
});

function moveTo(installationId: number): void {
  covered = new Map([[installationId, [repository({ installationId })]]]);
}

/** `store`: what of it is to be different. */
function deps(change: Partial<Store> = {}): DiscoverDeps {
  const silent = () => undefined;
  return {
    store: { ...store, ...change },
    github: {
      installed: async (installationId) => covered.get(installationId) ?? [],
      renewToken: async () => undefined,
    },
    clock: () => minute(2),
    log: { info: silent, warn: silent, error: silent },
  };
}

async function found() {
  const installationId = (await store.repositories.get(ID))?.installationId;
  const dependents = await store.repositories.dependents(XPOSER);
  return { installationId, dependents, waiting: await store.publishes.routesOf(ID) };
}

const KEPT = { installationId: GLOBEX, dependents: [ID], waiting: ["p1"] };

test("the new account's list is read while the old one's is being worked on: the repository stays", async () => {
  const ofInstallation = async (id: number) => {
    const before = await store.repositories.ofInstallation(id);
    await discover(GLOBEX, deps());
    return before;
  };
  moveTo(GLOBEX);
  await discover(ACME, deps({ repositories: { ...store.repositories, ofInstallation } }));
  expect(await found()).toEqual(KEPT);
  expect(await store.promotions.ofPublish("p1")).toEqual([]);
});

test("the old account's list was read before the move and is worked on after it: asked again later", async () => {
  const ofInstallation = async (id: number) => {
    moveTo(GLOBEX);
    await discover(GLOBEX, deps());
    return store.repositories.ofInstallation(id);
  };
  const requeueAt = await discover(ACME, deps({ repositories: { ...store.repositories, ofInstallation } }));
  expect(requeueAt).toEqual({ requeueAt: new Date(minute(2).getTime() + 10_000) });
  expect(await found()).toEqual(KEPT);
  expect(await discover(ACME, deps())).toBeUndefined();
  expect(await found()).toEqual(KEPT);
});

test("an installation that is gone, and whose list was not asked for, loses its repositories to the next one", async () => {
  moveTo(GLOBEX);
  expect(await discover(GLOBEX, deps())).toBeUndefined();
  expect(await found()).toEqual(KEPT);
});

test("a look that began before the move does not give the repository back", async () => {
  moveTo(GLOBEX);
  await discover(GLOBEX, deps());
  await store.repositories.renew(repository({ installationId: ACME, name: "old" }));
  expect(await store.repositories.get(ID)).toEqual(repository({ installationId: GLOBEX }));
});

test("a repository that no account covers any more is forgotten, and what waited for it is told", async () => {
  covered = new Map();
  await discover(ACME, deps());
  expect(await found()).toEqual({ installationId: undefined, dependents: [], waiting: [] });
  expect(await store.promotions.ofPublish("p1")).toEqual([
    {
      publishId: "p1",
      repositoryId: ID,
      environment: "dev",
      chart: "xposer",
      state: "refused",
      because: "the App cannot see acme/config: install it there again",
    },
  ]);
});

test("what went further than waiting keeps its state when the repository is forgotten", async () => {
  await store.promotions.record([
    {
      publishId: "p1",
      repositoryId: ID,
      environment: "dev",
      chart: "xposer",
      state: "deployed",
      because: "it is deployed",
    },
  ]);
  covered = new Map();
  await discover(ACME, deps());
  expect(await store.promotions.ofPublish("p1")).toMatchObject([{ state: "deployed" }]);
});
