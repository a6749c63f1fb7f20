// How long a publish is looked for in its chart repository, and how it ends.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { controlOf } from "../../src/adapters/control/control.ts";
import { openStore } from "../../src/adapters/store/open-store.ts";
import type { ChartLookup } from "../../src/reconcile/context.ts";
import { operatorActions } from "../../src/reconcile/operator-actions.ts";
import type { Store } from "../../src/reconcile/ports/store.ts";
import { RetrySlots } from "../../src/reconcile/publish/retry-slots.ts";
import { verifyPublish } from "../../src/reconcile/publish/verify-publish.ts";
import { chartRepository } from "../adapters/charts/repository.ts";

const BEGIN = new Date("2026-01-02T03:04:05Z").getTime();
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 60 * 60_000];

let folder: string;
let store: Store;
let now: number;
let answer: ChartLookup;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-"));
  now = BEGIN;
  const log = { warn: () => undefined, error: () => undefined };
  store = await openStore({ dataFolder: folder, clock: () => new Date(now), log });
  const announcement = { chart: "xposer", version: "1.0.1", repository: "stakater", values: {}, source: {} };
  await store.publishes.accept({ ...announcement, publisher: "pipeline" }, { id: "p", at: new Date(now) });
});

afterEach(async () => {
  await store.queue.stop(0);
  await store.close();
  await rm(folder, { recursive: true });
});

/** Milliseconds until the next look; nothing when there is none. */
async function look(): Promise<number | undefined> {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const result = await verifyPublish("p", {
    ...{ store, log: quiet, clock: () => new Date(now) },
    charts: { lookUp: async () => answer },
    retrySlots: new RetrySlots(),
    settings: { chartRepositories: [chartRepository("https://charts.example.com")] },
  });
  return result?.requeueAt === undefined ? undefined : result.requeueAt.getTime() - now;
}

/** Looks whenever it is time to, until `until`; the waits. */
async function waits(until: number): Promise<readonly number[]> {
  const found: number[] = [];
  while (now - BEGIN <= until) {
    const wait = await look();
    if (wait === undefined) return found;
    found.push(wait);
    now += wait;
  }
  return found;
}

const problem = { code: "chart-repository-unreachable", message: "It said no.", help: "Ask." } as const;
const DENIED: ChartLookup = { kind: "unreachable", problem, why: "denied" };
const TROUBLE: ChartLookup = { kind: "unreachable", problem, why: "trouble" };
const MISSING: ChartLookup = { kind: "missing", asked: "GET x answered 404" };

test("a repository in trouble is asked each minute, without end", async () => {
  answer = TROUBLE;
  const found = await waits(48 * HOUR);
  expect(found.slice(0, 3)).toEqual([500, 500, 500]);
  expect(Math.max(...found)).toBe(MINUTE);
  expect(await store.publishes.get("p")).toMatchObject({ state: "accepted" });
});

test("one that denies everything is asked every half an hour, and that ends after a day, for everybody to see", async () => {
  answer = DENIED;
  const found = await waits(48 * HOUR);
  expect(Math.max(...found)).toBe(30 * MINUTE);
  expect(found.length).toBeLessThan(80);
  const denied = { code: "chart-repository-denied", message: expect.stringContaining("It said no.") };
  expect(await store.publishes.get("p")).toMatchObject({ state: "rejected", problem: denied });
  const status = await controlOf(store, operatorActions({ store, clock: () => new Date() })).status();
  expect(status.troubledPublishes).toMatchObject([{ chart: "xposer", state: "rejected", problem: denied }]);
});

test("one that denies for a while and is mended has the publish after all", async () => {
  answer = DENIED;
  await waits(20 * HOUR);
  const status = await controlOf(store, operatorActions({ store, clock: () => new Date() })).status();
  expect(status.troubledPublishes).toMatchObject([{ chart: "xposer", state: "accepted" }]);
  answer = {
    kind: "found",
    metadata: {
      ...{ apiVersion: "v2", name: "xposer", version: "1.0.1", deprecated: false, sources: [] },
      ...{ annotations: {}, dependencies: [] },
    },
  };
  expect(await look()).toBeUndefined();
  expect(await store.publishes.get("p")).toMatchObject({ state: "verified" });
});

test("neither patience counts for the other", async () => {
  answer = DENIED;
  await waits(2 * HOUR);
  answer = MISSING;
  expect(await look()).toBe(MINUTE);
  now += 14 * MINUTE;
  await look();
  expect(await store.publishes.get("p")).toMatchObject({ state: "accepted" });
  now += 2 * MINUTE;
  await look();
  expect(await store.publishes.get("p")).toMatchObject({
    state: "rejected",
    problem: { code: "chart-missing" },
  });
});

test.each([DENIED, TROUBLE])("nobody is asked before it wants to be: %j", async (said) => {
  answer = { ...said, retryAfterMs: 20 * MINUTE };
  expect(await look()).toBe(20 * MINUTE);
  answer = { ...said, retryAfterMs: SECOND / 10 };
  expect(await look()).toBe(500);
});
