// What GET /publishes/ID says after a merge, told by records on a real embedded store.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openStore } from "../../src/adapters/store/open-store.ts";
import type { PromotionState } from "../../src/domain/model/publish.ts";
import type { Deps } from "../../src/reconcile/context.ts";
import type { Store } from "../../src/reconcile/ports/store/store.ts";
import { recordMerged, recordOutcome } from "../../src/reconcile/promotion/apply/promotion-records.ts";
import { announcement, deployment, promotion } from "../adapters/store/words.ts";

const log = { warn: () => undefined, error: () => undefined };
let folder: string;
let store: Store;
let deps: Deps;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-records-"));
  store = await openStore({ dataFolder: folder, clock: () => new Date(), log });
  deps = Object.assign(Object.create(null), { store });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const pullRequest = { number: 3, url: "https://github.com/acme/config/pull/3" };

/** Publishes 1.1.0, 1.2.0 and 1.10.0 in `dev`, each in the state given. */
async function given(states: Readonly<Record<string, PromotionState>>): Promise<void> {
  for (const [version, state] of Object.entries(states)) {
    await store.publishes.accept(announcement({ version }), { id: version, at: new Date() });
    await store.promotions.record([promotion({ publishId: version, state, pullRequest })]);
  }
}

async function states(): Promise<Record<string, string>> {
  const records = await store.promotions.ofRepository(deployment().repositoryId);
  return Object.fromEntries(records.map(({ publishId, state }) => [publishId, state]));
}

function moving(to: string) {
  return deployment({ promotions: [{ chart: "xposer", from: "1.0.0", to }] });
}

const deployed = { state: "deployed", because: "deployment 9 succeeded" } as const;

test("a deployment's end is told to the versions it brought, and to no others", async () => {
  await given({ "1.1.0": "deploying", "1.10.0": "proposed" });
  await recordOutcome(moving("1.1.0"), deployed, deps);
  expect(await states()).toEqual({ "1.1.0": "deployed", "1.10.0": "proposed" });
});

test("what was merged and never deployed is superseded once a newer version is", async () => {
  await given({ "1.1.0": "merged", "1.2.0": "deploying", "1.10.0": "deploying" });
  await recordOutcome(moving("1.10.0"), deployed, deps);
  expect(await states()).toEqual({ "1.1.0": "superseded", "1.2.0": "superseded", "1.10.0": "deployed" });
});

test("what ended stays as it ended, and what is newer goes on waiting", async () => {
  await given({ "1.1.0": "deployed", "1.2.0": "deploying", "1.10.0": "deploying" });
  await recordOutcome(moving("1.2.0"), deployed, deps);
  expect(await states()).toEqual({ "1.1.0": "deployed", "1.2.0": "deployed", "1.10.0": "deploying" });
});

test("a deployment that failed supersedes nothing", async () => {
  await given({ "1.1.0": "merged", "1.2.0": "deploying" });
  await recordOutcome(moving("1.2.0"), { state: "failed", because: "deployment 9 ended with error" }, deps);
  expect(await states()).toEqual({ "1.1.0": "merged", "1.2.0": "failed" });
});

test("a merge told again changes nothing that came after it", async () => {
  await given({ "1.1.0": "superseded", "1.2.0": "deployed" });
  await recordMerged({ ...moving("1.1.0"), state: "inactive" }, deps);
  await recordMerged({ ...moving("1.2.0"), state: "success" }, deps);
  expect(await states()).toEqual({ "1.1.0": "superseded", "1.2.0": "deployed" });
});

test("a merge that goes back declines the version it goes back from, unless a later merge brought that again", async () => {
  await given({ "1.1.0": "deployed", "1.2.0": "failed" });
  const back = { ...moving("1.1.0"), promotions: [{ chart: "xposer", from: "1.2.0", to: "1.1.0" }] };
  await recordMerged({ ...back, pullRequest: 1 }, deps);
  expect(await states()).toEqual({ "1.1.0": "deployed", "1.2.0": "failed" });
  await recordMerged({ ...back, pullRequest: 100 }, deps);
  expect(await states()).toEqual({ "1.1.0": "deployed", "1.2.0": "declined" });
});

test("a deployer may take its last word back", async () => {
  await given({ "1.1.0": "deployed", "1.2.0": "failed" });
  await recordOutcome(moving("1.1.0"), { state: "failed", because: "deployment 9 ended with failure" }, deps);
  await recordOutcome(moving("1.2.0"), deployed, deps);
  expect(await states()).toEqual({ "1.1.0": "failed", "1.2.0": "deployed" });
});
