// How long a publish is looked for in its chart repository, and how it ends.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { controlOf } from "../../../src/adapters/control/control.ts";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import type { ChartLookup } from "../../../src/reconcile/context.ts";
import { operatorActions } from "../../../src/reconcile/operator-actions.ts";
import type { Store } from "../../../src/reconcile/ports/store/store.ts";
import { RetrySlots } from "../../../src/reconcile/publish/retry-slots.ts";
import { type VerifyDeps, verifyPublishes } from "../../../src/reconcile/publish/verify-publishes.ts";
import { chartRepository } from "../../adapters/charts/repository.ts";

const CONFIG = { id: 7, installationId: 1, defaultBranch: "main", archived: false };
const XPOSER = { chart: "xposer", repository: "stakater" };
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
async function verify(
  lookUpAll: VerifyDeps["charts"]["lookUpAll"] = async (_repository, wanted) => wanted.map(() => answer),
): Promise<number | undefined> {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const result = await verifyPublishes(XPOSER, {
    ...{ store, log: quiet, clock: () => new Date(now) },
    charts: { lookUpAll },
    retrySlots: new RetrySlots(),
    settings: { chartRepositories: [chartRepository("https://charts.example.com")] },
  });
  return result?.requeueAt === undefined ? undefined : result.requeueAt.getTime() - now;
}

/** Looks whenever it is time to, until `until`; the waits. */
async function waits(until: number): Promise<readonly number[]> {
  const found: number[] = [];
  while (now - BEGIN <= until) {
    const wait = await verify();
    if (wait === undefined) return found;
    found.push(wait);
    now += wait;
  }
  return found;
}

const problem = { code: "chart-repository-unreachable", message: "It said no.", help: "Ask." } as const;
const DENIED: ChartLookup = { kind: "unreachable", problem, why: "denied" };
const TROUBLE: ChartLookup = { kind: "unreachable", problem, why: "trouble" };
const MISSING: ChartLookup = { kind: "missing", requested: "GET x answered 404" };

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
  expect(await verify()).toBeUndefined();
  expect(await store.publishes.get("p")).toMatchObject({ state: "verified" });
});

test("neither patience counts for the other", async () => {
  answer = DENIED;
  await waits(2 * HOUR);
  answer = MISSING;
  expect(await verify()).toBe(MINUTE);
  now += 14 * MINUTE;
  await verify();
  expect(await store.publishes.get("p")).toMatchObject({ state: "accepted" });
  now += 2 * MINUTE;
  await verify();
  expect(await store.publishes.get("p")).toMatchObject({
    state: "rejected",
    problem: { code: "chart-missing" },
  });
});

test("what was announced just now is looked for by itself, once, before what has waited", async () => {
  const about = { chart: "xposer", repository: "stakater", values: {}, source: {}, publisher: "pipeline" };
  now += MINUTE;
  await store.publishes.accept({ ...about, version: "1.0.2" }, { id: "new", at: new Date(now) });
  const requests: string[][] = [];
  const missing: VerifyDeps["charts"]["lookUpAll"] = async (_repository, wanted) => {
    requests.push(wanted.map(({ version }) => version));
    return wanted.map(() => MISSING);
  };
  expect(await verify(missing)).toBe(0);
  expect(await verify(missing)).toBeGreaterThan(0);
  expect(requests).toEqual([["1.0.2"], ["1.0.1", "1.0.2"]]);
});

describe("many versions of one chart", () => {
  const SOME = 1_100;
  const found = (version: string): ChartLookup => ({
    kind: "found",
    metadata: {
      ...{ apiVersion: "v2", name: "xposer", version, deprecated: false, sources: [] },
      ...{ annotations: {}, dependencies: [] },
    },
  });
  const ids = Array.from({ length: SOME }, (_, n) => `p${n}`);

  beforeEach(async () => {
    const about = { chart: "xposer", repository: "stakater", values: {}, source: {}, publisher: "pipeline" };
    await Promise.all(
      ids.map((id, n) =>
        store.publishes.accept({ ...about, version: `2.0.${n}` }, { id, at: new Date(BEGIN + n) }),
      ),
    );
    await store.repositories.put({ ...CONFIG, owner: "acme", name: "config" });
    const dependent = { repositoryId: 7, environment: "dev", key: "xposer", ...XPOSER };
    const dependents = [{ ...dependent, chartRepository: XPOSER.repository }];
    await store.repositories.setIndex(7, { problems: [], dependents });
  });

  /** Looks until there is nothing to do at once; which versions each look was for. */
  async function looks(answerFor: (version: string) => ChartLookup, atMost = Number.POSITIVE_INFINITY) {
    const requests: string[][] = [];
    const lookUpAll: VerifyDeps["charts"]["lookUpAll"] = async (_repository, wanted) => {
      requests.push(wanted.map(({ version }) => version));
      return wanted.slice(0, atMost).map(({ version }) => answerFor(version));
    };
    while ((await verify(lookUpAll)) === 0) now += 1;
    return requests;
  }

  test("are looked for by few look-ups, the newest first, and each is verified and routed", async () => {
    const requests = await looks(found);
    expect(requests.map(([first]) => first)).toEqual(["2.0.1099", "2.0.599", "2.0.99"]);
    expect(await store.publishes.list({ state: "verified", limit: 2_000 })).toHaveLength(SOME + 1);
    expect(await store.publishes.routesOf(7)).toHaveLength(SOME + 1);
    expect(await store.queue.depth()).toMatchObject({ due: 1 });
  });

  test("are all looked for where most are missing, and then those again that were looked for longest ago", async () => {
    const requests = await looks((version) => (version === "2.0.0" ? found(version) : MISSING));
    expect(new Set(requests.flat()).size).toBe(SOME + 1);
    expect(requests).toHaveLength(4);
    expect(await store.publishes.list({ state: "verified", limit: 2_000 })).toMatchObject([{ id: "p0" }]);
    now += SECOND;
    const [second] = await looks(() => MISSING);
    expect(second?.[0]).toBe("2.0.200");
  });

  test("are looked for a few at a time where the repository has to be asked for each", async () => {
    const requests = await looks(found, 300);
    expect(requests).toHaveLength(4);
    expect(await store.publishes.list({ state: "accepted", limit: 1 })).toEqual([]);
  });

  test("are not asked for again at once where the repository is in trouble", async () => {
    expect(await looks(() => TROUBLE)).toHaveLength(1);
  });

  test("are told whether each has the bytes that were announced", async () => {
    const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
    const about = { chart: "xposer", repository: "stakater", values: {}, source: {}, publisher: "pipeline" };
    await store.publishes.accept(
      { ...about, version: "3.0.0", digest: digest("a") },
      { id: "q", at: new Date(now + MINUTE) },
    );
    await looks((version) => ({ ...found(version), digest: digest("b") }));
    expect(await store.publishes.get("q")).toMatchObject({
      state: "rejected",
      problem: { code: "chart-digest" },
    });
    expect(await store.publishes.get("p1")).toMatchObject({ state: "verified", digest: digest("b") });
  });
});

test.each([DENIED, TROUBLE])("nobody is asked before it wants to be: %j", async (outcome) => {
  answer = { ...outcome, retryAfterMs: 20 * MINUTE };
  expect(await verify()).toBe(20 * MINUTE);
  answer = { ...outcome, retryAfterMs: SECOND / 10 };
  expect(await verify()).toBe(500);
});
