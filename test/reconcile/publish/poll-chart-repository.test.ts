// Polling a chart repository: the first poll is the baseline, what is new becomes a publish, and whatever goes wrong
// changes nothing and is told.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { listVersions } from "../../../src/adapters/charts/list-versions.ts";
import { lookUp } from "../../../src/adapters/charts/look-up.ts";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import type { ChartRepository } from "../../../src/domain/model/config/settings.ts";
import type { Store } from "../../../src/reconcile/ports/store/store.ts";
import { type PollDeps, pollChartRepository } from "../../../src/reconcile/publish/poll-chart-repository.ts";
import { startMuseum } from "../../../src/sandbox/chartmuseum/museum.ts";
import { startOciRegistry } from "../../../src/sandbox/chartmuseum/oci-registry.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { type PlainIndexOptions, startPlainIndex } from "../../../src/sandbox/chartmuseum/plain-index.ts";
import type { Fault, StandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { chartRepository } from "../../adapters/charts/repository.ts";

const POLL_MS = 60_000;
const NOW = new Date("2026-01-02T03:04:05Z");

interface Server extends StandIn {
  readonly kind: ChartRepository["kind"];
  add(version: string): Promise<unknown>;
  /** Puts other bytes in the place of a version's. */
  replace(packed: Uint8Array): Promise<unknown>;
}

async function museum(): Promise<Server> {
  const server = await startMuseum();
  const add = (version: string) => server.upload(packChart({ name: "xposer", version }));
  return { ...server, kind: "chartmuseum", add, replace: server.upload };
}

async function plainIndex(options: PlainIndexOptions = {}): Promise<Server> {
  const server = await startPlainIndex(options);
  const add = (version: string) => server.add(packChart({ name: "xposer", version }));
  return { ...server, kind: "index", add, replace: server.add };
}

let folder: string;
let store: Store;
let server: Server | undefined;
let warnings: object[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-"));
  const log = { warn: () => undefined, error: () => undefined };
  store = await openStore({ dataFolder: folder, clock: () => NOW, log });
  warnings = [];
});

afterEach(async () => {
  await server?.close();
  await store.queue.stop(0);
  await store.close();
  await rm(folder, { recursive: true });
});

function worldOf({ url, kind }: Server): PollDeps {
  const log = {
    info: () => undefined,
    error: () => undefined,
    warn: (about: object) => warnings.push(about),
  };
  const chartRepositories = [chartRepository(url, { kind, pollMs: POLL_MS })];
  return { store, log, clock: () => NOW, charts: { listVersions }, settings: { chartRepositories } };
}

/** Everything that a poll may change. */
async function state() {
  const { polls, publishes, queue } = store;
  const announced = await publishes.list({ limit: 100 });
  return {
    seen: (await polls.seen("stakater")).get("xposer"),
    validator: await polls.validator({ repository: "stakater" }),
    announced: announced.map(({ version, publisher, digest }) => ({ version, publisher, digest })),
    due: (await queue.depth()).due,
  };
}

const page = "<!DOCTYPE html>\n<html><body>Please sign in</body></html>\n";
const status = (code: number, body = ""): Fault => ({ kind: "status", status: code, body });

const TROUBLE: readonly (readonly [string, Fault, string])[] = [
  ["401", status(401, "unauthorized"), 'answered 401 "unauthorized"'],
  ["403", status(403), "answered 403"],
  ["404", status(404, "gone"), 'answered 404 "gone"'],
  ["429", status(429), "answered 429"],
  ["500", status(500), "answered 500"],
  ["503", status(503), "answered 503"],
  ["a 204", status(204), "answered 204"],
  ["a reset", { kind: "reset" }, "failed: ECONNRESET"],
  ["an answer that is lost", { kind: "lost" }, "failed: "],
  ["a truncated answer", { kind: "truncated" }, "failed: ECONNRESET"],
  ["an empty answer", status(200), "is empty"],
  ["white space", status(200, " \n\n"), "is empty"],
  ["a page to sign in", status(200, page), "is no mapping"],
  ["broken YAML", status(200, "apiVersion: v1\nentries:\n  a: [\n"), "is neither well-formed YAML nor JSON"],
  ["broken JSON", status(200, '{"xposer":[{"name":"xposer"'), "is neither well-formed YAML nor JSON"],
  ["an error in JSON", status(200, '{"error":"storage is down"}'), " has "],
  [
    "an index cut off in a line",
    status(200, "apiVersion: v1\nentries:\n  xposer:\n  - name: xposer\n    version: 9.0"),
    "is cut off in the middle of a line",
  ],
];

describe.each([
  ["ChartMuseum", museum],
  ["an index", () => plainIndex()],
])("a poll of %s", (_name, start) => {
  test("takes what is there first as known, and announces each later version once", async () => {
    server = await start();
    await server.add("1.0.0");
    const deps = worldOf(server);
    const requeueAt = { requeueAt: new Date(NOW.getTime() + POLL_MS) };
    expect(await pollChartRepository("stakater", deps)).toEqual(requeueAt);
    expect(await state()).toMatchObject({ seen: new Set(["1.0.0"]), announced: [], due: 0 });
    await server.add("1.0.1");
    for (let time = 1; time <= 3; time += 1) await pollChartRepository("stakater", deps);
    const digest = expect.stringMatching(/^sha256:/);
    expect(await state()).toMatchObject({
      seen: new Set(["1.0.0", "1.0.1"]),
      announced: [{ version: "1.0.1", publisher: "poll:stakater", digest }],
      due: 1,
    });
    expect(warnings).toEqual([]);
  });

  test.each(TROUBLE)("changes nothing on %s, and tells it", async (...[, fault, message]) => {
    server = await start();
    await server.add("1.0.0");
    const deps = worldOf(server);
    await pollChartRepository("stakater", deps);
    const before = await state();
    await server.add("1.0.1");
    server.faults.add(fault);
    expect(await pollChartRepository("stakater", deps)).toEqual({
      requeueAt: new Date(NOW.getTime() + POLL_MS),
    });
    expect(await state()).toEqual(before);
    const problem = {
      code: "chart-repository-unreachable",
      message: expect.stringContaining(message),
      help: expect.any(String),
    };
    expect(warnings).toEqual([{ repository: "stakater", problem }]);
    expect(await store.polls.failing()).toEqual([{ repository: "stakater", problem, since: NOW }]);
    server.faults.clear();
    await pollChartRepository("stakater", deps);
    expect((await state()).announced).toMatchObject([{ version: "1.0.1" }]);
    expect(await store.polls.failing()).toEqual([]);
  });

  test("is no baseline when it fails", async () => {
    server = await start();
    await server.add("1.0.0");
    server.faults.add(status(200, page));
    const deps = worldOf(server);
    await pollChartRepository("stakater", deps);
    expect(await state()).toMatchObject({ seen: undefined, validator: undefined });
    server.faults.clear();
    await pollChartRepository("stakater", deps);
    expect(await state()).toMatchObject({ seen: new Set(["1.0.0"]), announced: [] });
  });

  test("forgets nothing that vanishes for a while", async () => {
    server = await start();
    await server.add("1.0.0");
    const deps = worldOf(server);
    await pollChartRepository("stakater", deps);
    const nothing = server.kind === "index" ? "apiVersion: v1\nentries: {}\n" : "{}";
    server.faults.add(status(200, nothing), { times: 1 });
    for (let time = 1; time <= 2; time += 1) await pollChartRepository("stakater", deps);
    expect(await state()).toMatchObject({ seen: new Set(["1.0.0"]), announced: [] });
  });
});

test.each([
  ["ChartMuseum", museum],
  ["an index without ETag", () => plainIndex({ etag: false })],
])("%s that was not asked whether anything changed, and says no, is in trouble", async (_name, start) => {
  server = await start();
  const deps = worldOf(server);
  await pollChartRepository("stakater", deps);
  const before = await state();
  server.faults.add(status(304));
  await pollChartRepository("stakater", deps);
  expect(await state()).toEqual(before);
  expect(warnings).toMatchObject([{ problem: { message: expect.stringContaining("answered 304") } }]);
});

test("a repository that is polled no longer is not told to fail", async () => {
  server = await museum();
  server.faults.add(status(503));
  const deps = worldOf(server);
  await pollChartRepository("stakater", deps);
  expect(await store.polls.failing()).toHaveLength(1);
  const without = { ...deps, settings: { chartRepositories: [] } };
  expect(await pollChartRepository("stakater", without)).toBeUndefined();
  expect(await store.polls.failing()).toEqual([]);
});

test("a large index is compared some charts at a time, without losing any", async () => {
  server = await plainIndex();
  const charts = new Map<string, readonly { readonly version: string }[]>();
  for (let n = 0; n < 130; n += 1) charts.set(`chart-${n}`, [{ version: "1.0.0" }]);
  let validator = 0;
  const deps: PollDeps = {
    ...worldOf(server),
    charts: {
      listVersions: async () => {
        validator += 1;
        return { kind: "changed", versions: charts, validator: String(validator) };
      },
    },
  };
  await pollChartRepository("stakater", deps);
  expect((await store.polls.seen("stakater")).size).toBe(130);
  for (const n of [0, 24, 25, 129]) charts.set(`chart-${n}`, [{ version: "2.0.0" }, { version: "1.0.0" }]);
  for (let time = 1; time <= 2; time += 1) await pollChartRepository("stakater", deps);
  const announced = await store.publishes.list({ limit: 100 });
  expect(announced.map(({ chart, version }) => `${chart} ${version}`).sort()).toEqual(
    ["chart-0 2.0.0", "chart-129 2.0.0", "chart-24 2.0.0", "chart-25 2.0.0"].sort(),
  );
});

test("a version that was announced with other bytes is not seen before it is rejected, and stays rejected then", async () => {
  server = await museum();
  await server.add("1.0.0");
  const deps = worldOf(server);
  await pollChartRepository("stakater", deps);
  const announcement = { chart: "xposer", version: "1.0.1", repository: "stakater", values: {}, source: {} };
  const wrong = { ...announcement, publisher: "somebody", digest: `sha256:${"d".repeat(64)}` };
  const { publish } = await store.publishes.accept(wrong, { id: "p", at: NOW });
  await server.add("1.0.1");
  await pollChartRepository("stakater", deps);
  expect((await state()).seen).toEqual(new Set(["1.0.0"]));
  await store.publishes.reject(publish.id, { code: "chart-digest", message: "Other bytes.", help: "Look." });
  await pollChartRepository("stakater", deps);
  const [found] = await store.publishes.list({ limit: 10 });
  expect(found).toMatchObject({
    version: "1.0.1",
    state: "rejected",
    digest: wrong.digest,
  });
  expect((await state()).seen).toEqual(new Set(["1.0.0", "1.0.1"]));
});

test("an index with an odd entry is polled for the others, and the entry is told", async () => {
  const started = await startPlainIndex();
  const add = (version: string) => started.add(packChart({ name: "xposer", version }));
  server = { ...started, kind: "index", add, replace: started.add };
  const world = worldOf(server);
  await pollChartRepository("stakater", world);
  const entries = (version: string) =>
    `  xposer:\n  - {name: xposer, version: ${version}}\n  - {name: xposre, version: ${version}}\n`;
  started.setIndex(`apiVersion: v1\nentries:\n${entries("1.0.0")}---\nmore: [`);
  await pollChartRepository("stakater", world);
  expect((await state()).announced).toMatchObject([{ version: "1.0.0" }]);
  expect(warnings).toEqual([
    { repository: "stakater", chart: "xposer", because: "an entry calls itself xposre 1.0.0" },
  ]);
});

describe("a registry", () => {
  const KEY = { repository: "stakater" };

  async function registry(charts: readonly string[]) {
    const started = await startOciRegistry();
    const add = (version: string, name = "xposer") =>
      started.pushChart("charts", packChart({ name, version }));
    server = { ...started, kind: "oci", add, replace: async () => undefined };
    for (const name of charts) await add("1.0.0", name);
    const dependents = charts.map((chart) => ({
      ...{ repositoryId: 1, environment: "dev", chart, key: chart, chartRepository: "stakater" },
    }));
    const repository = { id: 1, installationId: 1, owner: "acme", name: "config", defaultBranch: "main" };
    await store.repositories.put({ ...repository, archived: false });
    await store.repositories.setIndex(1, { problems: [], dependents });
    const deps = worldOf(server);
    const chartRepositories = [chartRepository(`${started.url}/charts`, { kind: "oci", pollMs: POLL_MS })];
    return { ...started, add, deps: { ...deps, settings: { chartRepositories } } };
  }

  test.each([401, 403, 404])(
    "that denies one chart with %i is polled for the others, and that chart's failure is told alone",
    async (code) => {
      const { add, deps, faults } = await registry(["denied", "xposer"]);
      faults.add(status(code, "denied"), { match: /charts\/denied\// });
      await pollChartRepository("stakater", deps);
      await add("1.0.1");
      await pollChartRepository("stakater", deps);
      expect((await state()).announced).toMatchObject([{ version: "1.0.1" }]);
      expect(await store.polls.failing()).toMatchObject([{ ...KEY, chart: "denied", since: NOW }]);
      faults.clear();
      await pollChartRepository("stakater", deps);
      expect(await store.polls.failing()).toEqual([]);
    },
  );

  test("is asked for no more charts when it does not answer at all, and for none before it wants to be asked", async () => {
    const { add, deps, faults, requests } = await registry(["a", "b", "c"]);
    await pollChartRepository("stakater", deps);
    faults.add({ kind: "status", status: 429, headers: { "retry-after": "600" } });
    const before = requests.length;
    const answer = await pollChartRepository("stakater", deps);
    expect(answer).toEqual({ requeueAt: new Date(NOW.getTime() + 600_000) });
    expect(requests.length - before).toBe(1);
    expect(await store.polls.failing()).toMatchObject([
      { ...KEY, problem: { message: expect.stringContaining("429") } },
    ]);
    expect((await store.polls.failing())[0]).not.toHaveProperty("chart");
    faults.clear();
    await add("1.0.1", "c");
    await pollChartRepository("stakater", deps);
    expect(await store.polls.failing()).toEqual([]);
    expect((await state()).announced).toMatchObject([{ version: "1.0.1" }]);
  });

  test("has a baseline for each chart, also for one that somebody depends on later", async () => {
    const { add, deps } = await registry(["xposer"]);
    await add("1.0.0", "late");
    await add("2.0.0", "late");
    await pollChartRepository("stakater", deps);
    const late = {
      repositoryId: 1,
      environment: "dev",
      chart: "late",
      key: "late",
      chartRepository: "stakater",
    };
    await store.repositories.setIndex(1, { problems: [], dependents: [late] });
    await pollChartRepository("stakater", deps);
    expect((await state()).announced).toEqual([]);
    await add("2.0.1", "late");
    await pollChartRepository("stakater", deps);
    expect((await state()).announced).toMatchObject([{ version: "2.0.1" }]);
  });

  test("is not told to fail for a chart that nobody depends on any more", async () => {
    const { deps, faults } = await registry(["denied"]);
    faults.add(status(403), { match: /denied/ });
    await pollChartRepository("stakater", deps);
    expect(await store.polls.failing()).toHaveLength(1);
    await store.repositories.setIndex(1, { problems: [], dependents: [] });
    await pollChartRepository("stakater", deps);
    expect(await store.polls.failing()).toEqual([]);
  });
});

describe("what a check found in a repository", () => {
  const PULL = { repositoryId: 1, number: 7 };
  /** Keys of the queue, due or not. */
  async function enqueued(): Promise<number> {
    const { due, later } = await store.queue.depth();
    return due + later;
  }

  async function judgedAt(started: Server, world: PollDeps) {
    const [found] = world.settings.chartRepositories;
    if (found === undefined) throw new Error("no repository");
    const looked = await lookUp(found, { chart: "xposer", version: "1.0.0" });
    const { digest, manifestDigest } = Object(looked);
    const about = { repository: "stakater", chart: "xposer", version: "1.0.0", isThere: true };
    await store.judgedCharts.put(PULL, [
      { ...about, ...(started.kind !== "oci" && { digest }), ...(manifestDigest && { manifestDigest }) },
    ]);
    await pollChartRepository("stakater", world);
    expect(await store.judgedCharts.of("stakater")).toMatchObject([{ isConfirmed: true }]);
    expect(await enqueued()).toBe(0);
  }

  const replaced = packChart({ name: "xposer", version: "1.0.0", description: "other bytes" });

  test.each([
    ["ChartMuseum", museum],
    ["an index", () => plainIndex()],
  ])("is judged again when %s has other bytes", async (_name, start) => {
    const started = await start();
    server = started;
    await started.add("1.0.0");
    const world = worldOf(started);
    await pollChartRepository("stakater", world);
    await judgedAt(started, world);
    await started.replace(replaced);
    await pollChartRepository("stakater", world);
    expect(await enqueued()).toBe(1);
    expect(await store.judgedCharts.of("stakater")).toMatchObject([{ isConfirmed: false }]);
  });

  test("is judged again when a registry has another manifest, or none, below the tag", async () => {
    const started = await startOciRegistry();
    server = {
      ...started,
      kind: "oci",
      add: (version) => started.pushChart("charts", packChart({ name: "xposer", version })),
      replace: (packed) => started.pushChart("charts", packed),
    };
    await server.add("1.0.0");
    const dependent = {
      repositoryId: 1,
      environment: "dev",
      chart: "xposer",
      key: "xposer",
      chartRepository: "stakater",
    };
    await store.repositories.put({
      id: 1,
      installationId: 1,
      owner: "acme",
      name: "config",
      defaultBranch: "main",
      archived: false,
    });
    await store.repositories.setIndex(1, { problems: [], dependents: [dependent] });
    const settings = {
      chartRepositories: [chartRepository(`${started.url}/charts`, { kind: "oci", pollMs: POLL_MS })],
    };
    const world = { ...worldOf(server), settings };
    await pollChartRepository("stakater", world);
    await judgedAt(server, world);
    await server.replace(replaced);
    await pollChartRepository("stakater", world);
    expect(await enqueued()).toBe(1);
    await judgedAgain();
    started.removeTag("charts/xposer", "1.0.0");
    await pollChartRepository("stakater", world);
    expect(await store.judgedCharts.of("stakater")).toMatchObject([{ isConfirmed: false }]);
  });

  /** As the check does it: with what is there now. */
  async function judgedAgain(): Promise<void> {
    const [judged] = await store.judgedCharts.of("stakater");
    if (judged !== undefined)
      await store.judgedCharts.put(PULL, [{ ...judged, manifestDigest: "sha256:anew" }]);
  }

  test("is judged again when it was missing and is there now", async () => {
    const started = await museum();
    server = started;
    const world = worldOf(started);
    await pollChartRepository("stakater", world);
    await store.judgedCharts.put(PULL, [
      { repository: "stakater", chart: "xposer", version: "1.0.0", isThere: false },
    ]);
    await pollChartRepository("stakater", world);
    expect(await store.judgedCharts.of("stakater")).toMatchObject([{ isConfirmed: true }]);
    await started.add("1.0.0");
    await pollChartRepository("stakater", world);
    expect(await store.judgedCharts.of("stakater")).toMatchObject([{ isConfirmed: false }]);
  });

  test("is compared though the listing is as it was before, when it was judged after that", async () => {
    const started = await museum();
    server = started;
    const world = worldOf(started);
    await pollChartRepository("stakater", world);
    await store.judgedCharts.put(PULL, [
      { repository: "stakater", chart: "xposer", version: "1.0.0", isThere: true },
    ]);
    await pollChartRepository("stakater", world);
    expect(await enqueued()).toBe(1);
  });
});
