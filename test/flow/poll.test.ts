// Polling a chart repository: the first poll is the baseline, what is new becomes a publish, and whatever goes wrong
// changes nothing and is told.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { listVersions } from "../../src/charts/list-versions.ts";
import { type PollWorld, pollRepository } from "../../src/flow/publish/poll.ts";
import type { ChartRepository } from "../../src/model/settings.ts";
import { startMuseum } from "../../src/sandbox/museum/museum.ts";
import { packChart } from "../../src/sandbox/museum/pack-chart.ts";
import { type PlainIndexOptions, startPlainIndex } from "../../src/sandbox/museum/plain-index.ts";
import type { Fault, StandIn } from "../../src/sandbox/museum/stand-in.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { chartRepository } from "../charts/repository.ts";

const POLL_MS = 60_000;
const NOW = new Date("2026-01-02T03:04:05Z");

interface Server extends StandIn {
  readonly kind: ChartRepository["kind"];
  add(version: string): Promise<unknown>;
}

async function museum(): Promise<Server> {
  const server = await startMuseum();
  const add = (version: string) => server.upload(packChart({ name: "xposer", version }));
  return { ...server, kind: "chartmuseum", add };
}

async function plainIndex(options: PlainIndexOptions = {}): Promise<Server> {
  const server = await startPlainIndex(options);
  const add = (version: string) => server.add(packChart({ name: "xposer", version }));
  return { ...server, kind: "index", add };
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

function worldOf({ url, kind }: Server): PollWorld {
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
    seen: (await polls.seen("stakater"))?.get("xposer"),
    validator: await polls.validator("stakater"),
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
  ["a truncated answer", { kind: "truncated" }, "failed: UND_ERR_SOCKET"],
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
    const world = worldOf(server);
    const again = { again: new Date(NOW.getTime() + POLL_MS) };
    expect(await pollRepository("stakater", world)).toEqual(again);
    expect(await state()).toMatchObject({ seen: new Set(["1.0.0"]), announced: [], due: 0 });
    await server.add("1.0.1");
    for (let time = 1; time <= 3; time += 1) await pollRepository("stakater", world);
    const digest = expect.stringMatching(/^sha256:/);
    expect(await state()).toMatchObject({
      seen: new Set(["1.0.0", "1.0.1"]),
      announced: [{ version: "1.0.1", publisher: "poll:stakater", digest }],
      due: 1,
    });
    expect(warnings).toEqual([]);
  });

  test.each(TROUBLE)("changes nothing on %s, and tells it", async (...[, fault, said]) => {
    server = await start();
    await server.add("1.0.0");
    const world = worldOf(server);
    await pollRepository("stakater", world);
    const before = await state();
    await server.add("1.0.1");
    server.faults.add(fault);
    expect(await pollRepository("stakater", world)).toEqual({ again: new Date(NOW.getTime() + POLL_MS) });
    expect(await state()).toEqual(before);
    const problem = {
      code: "chart-repository-unreachable",
      message: expect.stringContaining(said),
      help: expect.any(String),
    };
    expect(warnings).toEqual([{ repository: "stakater", problem }]);
    expect(await store.polls.failing()).toEqual([{ repository: "stakater", problem, since: NOW }]);
    server.faults.clear();
    await pollRepository("stakater", world);
    expect((await state()).announced).toMatchObject([{ version: "1.0.1" }]);
    expect(await store.polls.failing()).toEqual([]);
  });

  test("is no baseline when it fails", async () => {
    server = await start();
    await server.add("1.0.0");
    server.faults.add(status(200, page));
    const world = worldOf(server);
    await pollRepository("stakater", world);
    expect(await state()).toMatchObject({ seen: undefined, validator: undefined });
    server.faults.clear();
    await pollRepository("stakater", world);
    expect(await state()).toMatchObject({ seen: new Set(["1.0.0"]), announced: [] });
  });

  test("forgets nothing that vanishes for a while", async () => {
    server = await start();
    await server.add("1.0.0");
    const world = worldOf(server);
    await pollRepository("stakater", world);
    const nothing = server.kind === "index" ? "apiVersion: v1\nentries: {}\n" : "{}";
    server.faults.add(status(200, nothing), { times: 1 });
    for (let time = 1; time <= 2; time += 1) await pollRepository("stakater", world);
    expect(await state()).toMatchObject({ seen: new Set(["1.0.0"]), announced: [] });
  });
});

test.each([
  ["ChartMuseum", museum],
  ["an index without ETag", () => plainIndex({ etag: false })],
])("%s that was not asked whether anything changed, and says no, is in trouble", async (_name, start) => {
  server = await start();
  const world = worldOf(server);
  await pollRepository("stakater", world);
  const before = await state();
  server.faults.add(status(304));
  await pollRepository("stakater", world);
  expect(await state()).toEqual(before);
  expect(warnings).toMatchObject([{ problem: { message: expect.stringContaining("answered 304") } }]);
});

test("a repository that is polled no longer is not told to fail", async () => {
  server = await museum();
  server.faults.add(status(503));
  const world = worldOf(server);
  await pollRepository("stakater", world);
  expect(await store.polls.failing()).toHaveLength(1);
  const without = { ...world, settings: { chartRepositories: [] } };
  expect(await pollRepository("stakater", without)).toBeUndefined();
  expect(await store.polls.failing()).toEqual([]);
});

test("a large index is compared some charts at a time, without losing any", async () => {
  server = await plainIndex();
  const charts = new Map<string, readonly { readonly version: string }[]>();
  for (let n = 0; n < 130; n += 1) charts.set(`chart-${n}`, [{ version: "1.0.0" }]);
  let validator = 0;
  const world: PollWorld = {
    ...worldOf(server),
    charts: {
      listVersions: async () => {
        validator += 1;
        return { kind: "changed", versions: charts, validator: String(validator) };
      },
    },
  };
  await pollRepository("stakater", world);
  expect((await store.polls.seen("stakater"))?.size).toBe(130);
  for (const n of [0, 24, 25, 129]) charts.set(`chart-${n}`, [{ version: "2.0.0" }, { version: "1.0.0" }]);
  for (let time = 1; time <= 2; time += 1) await pollRepository("stakater", world);
  const announced = await store.publishes.list({ limit: 100 });
  expect(announced.map(({ chart, version }) => `${chart} ${version}`).sort()).toEqual(
    ["chart-0 2.0.0", "chart-129 2.0.0", "chart-24 2.0.0", "chart-25 2.0.0"].sort(),
  );
});
