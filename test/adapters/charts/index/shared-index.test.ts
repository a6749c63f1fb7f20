// Look-ups in one index: how many downloads they cost, and that none of them is misled by what others found before.

import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { chartAccess } from "../../../../src/adapters/charts/chart-access.ts";
import type { ChartRepository } from "../../../../src/domain/model/config/settings.ts";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import {
  type PlainIndex,
  type PlainIndexOptions,
  startPlainIndex,
} from "../../../../src/sandbox/chartmuseum/plain-index.ts";
import { chartRepository } from "../repository.ts";

const CHARTS = ["a", "b", "c", "d", "e"];
const ALL = { from: "", to: "9.9.9" };
const V1 = { version: "1.0.0" };

let server: PlainIndex;
let repository: ChartRepository;
let charts: ReturnType<typeof chartAccess>;

async function start(options: PlainIndexOptions = {}): Promise<void> {
  server = await startPlainIndex(options);
  for (const name of CHARTS) await server.add(packChart({ name, version: "1.0.0" }), "signed");
  repository = chartRepository(server.url, { kind: "index" });
  charts = chartAccess();
}

beforeEach(() => start());
afterEach(async () => {
  jest.useRealTimers();
  await server.close();
});

function downloads(): number {
  return server.requests.filter(({ path }) => path === "/index.yaml").length;
}

/** Of each request for the index. */
function conditions(): readonly unknown[] {
  return server.requests
    .filter(({ path }) => path === "/index.yaml")
    .map(({ headers }) => (headers["if-none-match"] === undefined ? "whole" : "if changed"));
}

/** Everything that jest would fake besides the clock itself. */
const TIMERS = [
  ...([
    "setTimeout",
    "clearTimeout",
    "setInterval",
    "clearInterval",
    "setImmediate",
    "clearImmediate",
  ] as const),
  ...(["hrtime", "nextTick", "performance", "queueMicrotask"] as const),
];

/** Sets the clock this much ahead, and stops it. */
function later(ms: number): void {
  const now = Date.now() + ms;
  jest.useFakeTimers({ doNotFake: TIMERS });
  jest.setSystemTime(now);
}

describe("one download is shared", () => {
  test("by all who ask at the same time", async () => {
    const found = await Promise.all(CHARTS.map((chart) => charts.lookUp(repository, { chart, ...V1 })));
    expect(found.map((answer) => answer.kind === "found" && answer.metadata.name)).toEqual(CHARTS);
    expect(downloads()).toBe(1);
  });

  test("by all who ask while another one is under way", async () => {
    server.faults.add({ kind: "slow", ms: 300 }, { times: 1 });
    const first = charts.lookUp(repository, { chart: "a", ...V1 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const others = CHARTS.slice(1).map((chart) => charts.lookUp(repository, { chart, ...V1 }));
    const repeated = charts.lookUp(repository, { chart: "a", ...V1 });
    const found = await Promise.all([first, ...others, repeated]);
    expect(found.map(({ kind }) => kind)).toEqual(found.map(() => "found"));
    expect(downloads()).toBe(2);
  });

  test("by what is asked within some seconds about a version that was found", async () => {
    const { digest } = Object(await charts.lookUp(repository, { chart: "a", ...V1 }));
    await charts.lookUp(repository, { chart: "b", ...V1 });
    expect(downloads()).toBe(2);
    expect(await charts.lookUp(repository, { chart: "a", ...V1, digest })).toMatchObject({ kind: "found" });
    expect(await charts.released(repository, { chart: "a", ...ALL })).toMatchObject({
      versions: [{ digest }],
    });
    expect(await charts.fetchArchive(repository, { chart: "a", ...V1, digest })).toMatchObject({ ok: true });
    expect(await charts.fetchProvenance(repository, { chart: "b", ...V1 })).toMatchObject({
      value: "signed",
    });
    expect(downloads()).toBe(2);
    later(6_000);
    await charts.released(repository, { chart: "a", ...ALL });
    expect(downloads()).toBe(3);
  });
});

describe("what was found before misleads nobody", () => {
  beforeEach(async () => {
    await charts.lookUp(repository, { chart: "a", ...V1 });
  });

  test("who asks for a version that was not there yet", async () => {
    expect(await charts.lookUp(repository, { chart: "a", version: "2.0.0" })).toMatchObject({
      kind: "missing",
    });
    await server.add(packChart({ name: "a", version: "2.0.0" }));
    expect(await charts.lookUp(repository, { chart: "a", version: "2.0.0" })).toMatchObject({
      kind: "found",
    });
  });

  test("who asks for a chart that was not there yet", async () => {
    expect(await charts.released(repository, { chart: "new", ...ALL })).toEqual({ versions: [] });
    await server.add(packChart({ name: "new", version: "1.0.0" }));
    expect(await charts.released(repository, { chart: "new", ...ALL })).toMatchObject({
      versions: [{ metadata: { name: "new" } }],
    });
  });

  test("who expects another digest", async () => {
    const replaced = await server.add(packChart({ name: "a", version: "1.0.0", description: "replaced" }));
    const digest = `sha256:${replaced.digest}`;
    expect(await charts.lookUp(repository, { chart: "a", ...V1, digest })).toMatchObject({ digest });
  });

  test("who needs to know how it was at some time", async () => {
    const since = new Date(Date.now() + 1);
    const replaced = await server.add(packChart({ name: "a", version: "1.0.0", description: "replaced" }));
    later(2);
    expect(await charts.lookUp(repository, { chart: "a", ...V1, since })).toMatchObject({
      digest: `sha256:${replaced.digest}`,
    });
  });

  test("who asks while a download from before is under way", async () => {
    server.faults.add({ kind: "slow", ms: 300 }, { times: 1 });
    const wanted = { chart: "b", version: "2.0.0" };
    const before = charts.lookUp(repository, wanted);
    await new Promise((resolve) => setTimeout(resolve, 200));
    server.setIndex(
      "apiVersion: v1\nentries:\n  b:\n  - name: b\n    version: 2.0.0\n    urls: [b-2.0.0.tgz]\ngenerated: x\n",
    );
    expect(await charts.lookUp(repository, wanted)).toMatchObject({ kind: "found" });
    expect((await before).kind).toMatch(/missing|found/);
  });

  test("nobody, while the server fails; and it is forgotten by nobody", async () => {
    server.faults.add({ kind: "status", status: 503 });
    const lookups = await Promise.all(
      ["a", "b"].map((chart) => charts.lookUp(repository, { chart, version: "2.0.0" })),
    );
    expect(lookups).toMatchObject([{ kind: "unreachable" }, { kind: "unreachable" }]);
    expect(downloads()).toBe(2);
    expect(await charts.lookUp(repository, { chart: "a", ...V1 })).toMatchObject({ kind: "found" });
    expect(downloads()).toBe(2);
  });
});

describe("an index with an ETag", () => {
  test("is not sent again for a chart that was looked up in it, until it changes", async () => {
    for (const wait of [0, 6_000, 6_000]) {
      later(wait);
      expect(await charts.lookUp(repository, { chart: "a", ...V1 })).toMatchObject({ kind: "found" });
    }
    expect(conditions()).toEqual(["whole", "if changed", "if changed"]);
    await server.add(packChart({ name: "a", version: "2.0.0" }));
    expect(await charts.lookUp(repository, { chart: "a", version: "2.0.0" })).toMatchObject({
      kind: "found",
    });
    expect(await charts.lookUp(repository, { chart: "b", version: "2.0.0" })).toMatchObject({
      kind: "missing",
    });
    expect(conditions().slice(3)).toEqual(["if changed", "whole"]);
  });

  test("is sent again every few minutes: a proxy's word may be wrong", async () => {
    const wanted = { chart: "a", version: "2.0.0" };
    const stale = { kind: "status", status: 304 } as const;
    expect(await charts.lookUp(repository, wanted)).toMatchObject({ kind: "missing" });
    await server.add(packChart({ name: "a", version: "2.0.0" }));
    server.faults.add(stale, { times: 1 });
    expect(await charts.lookUp(repository, wanted)).toMatchObject({ kind: "missing" });
    later(5 * 60_000 + 1);
    expect(await charts.lookUp(repository, wanted)).toMatchObject({ kind: "found" });
    expect(conditions()).toEqual(["whole", "if changed", "whole"]);
  });
});

test("an index without an ETag is always asked for whole", async () => {
  await server.close();
  await start({ etag: false });
  await charts.lookUp(repository, { chart: "a", ...V1 });
  await charts.lookUp(repository, { chart: "a", version: "2.0.0" });
  expect(conditions()).toEqual(["whole", "whole"]);
});
