// A web server with an index.yaml as a chart repository, and polling it and ChartMuseum.

import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "@jest/globals";
import { readIndex } from "../../../../src/adapters/charts/index/read-index.ts";
import { listVersions } from "../../../../src/adapters/charts/list-versions.ts";
import { lookUp, lookUpAll } from "../../../../src/adapters/charts/look-up.ts";
import { released } from "../../../../src/adapters/charts/released.ts";
import { startMuseum } from "../../../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import { type PlainIndexOptions, startPlainIndex } from "../../../../src/sandbox/chartmuseum/plain-index.ts";
import { startStandIn } from "../../../../src/sandbox/chartmuseum/stand-in.ts";
import { chartRepository } from "../repository.ts";

const running: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function startIndex(options: PlainIndexOptions = {}) {
  const server = await startPlainIndex(options);
  running.push(server);
  await server.add(packChart({ name: "xposer", version: "1.0.0", annotations: { note: "first" } }));
  await server.add(packChart({ name: "xposer", version: "1.1.0" }));
  return { ...server, repository: chartRepository(server.url, { kind: "index" }) };
}

async function startMuseumWithCharts() {
  const server = await startMuseum();
  running.push(server);
  await server.upload(packChart({ name: "xposer", version: "1.0.0" }));
  await server.upload(packChart({ name: "xposer", version: "1.1.0" }));
  return { ...server, add: server.upload, repository: chartRepository(server.url) };
}

const ALL = { from: "", to: "9.9.9" };

describe.each(["yaml", "json"] as const)("an index in %s", (format) => {
  test("has exactly the versions it lists", async () => {
    const { repository, url } = await startIndex({ format });
    expect(await lookUp(repository, { chart: "xposer", version: "1.0.0" })).toMatchObject({
      kind: "found",
      digest: expect.stringMatching(/^sha256:/),
      metadata: { name: "xposer", annotations: { note: "first" } },
      created: new Date("2026-01-02T03:04:05Z"),
    });
    expect(await lookUp(repository, { chart: "xposer", version: "1.0" })).toEqual({
      kind: "missing",
      requested: `GET ${url}/index.yaml lists 2 other versions`,
    });
    expect(await lookUp(repository, { chart: "none", version: "1.0.0" })).toEqual({
      kind: "missing",
      requested: `GET ${url}/index.yaml lists no such chart`,
    });
  });

  test("answers for several versions of a chart by one download", async () => {
    const { repository, url, requests } = await startIndex({ format });
    const wanted = ["1.1.0", "1.0", "..", "1.0.0"].map((version) => ({ chart: "xposer", version }));
    const answers = await lookUpAll(repository, wanted);
    expect(requests).toHaveLength(1);
    expect(answers).toMatchObject([
      { kind: "found", metadata: { version: "1.1.0" } },
      { kind: "missing", requested: `GET ${url}/index.yaml lists 2 other versions` },
      { kind: "missing" },
      { kind: "found", metadata: { version: "1.0.0" } },
    ]);
  });

  test("tells all versions of a chart", async () => {
    const { repository } = await startIndex({ format });
    const all = await released(repository, { chart: "xposer", ...ALL });
    expect(all.versions.map(({ metadata }) => metadata.version)).toEqual(["1.1.0", "1.0.0"]);
    expect(await released(repository, { chart: "none", ...ALL })).toEqual({ versions: [] });
  });
});

test.each([404, 403, 500])("an index answered with %i is unreachable", async (status) => {
  const { repository, faults } = await startIndex();
  faults.add({ kind: "status", status, body: "apiVersion: v1\nentries: {}\n" });
  expect(await lookUp(repository, { chart: "xposer", version: "1.0.0" })).toMatchObject({
    kind: "unreachable",
  });
});

describe.each([
  ["an index with ETag", () => startIndex()],
  ["an index without ETag", () => startIndex({ etag: false })],
  ["ChartMuseum", startMuseumWithCharts],
] as const)("polling %s", (_name, start) => {
  test("says the same as long as nothing changes, and everything once it does", async () => {
    const { repository, add } = await start();
    const first = await listVersions(repository);
    if (first.kind !== "changed") throw new Error(first.kind);
    expect([...first.versions].map(([chart, list]) => [chart, list.map(({ version }) => version)])).toEqual([
      ["xposer", ["1.1.0", "1.0.0"]],
    ]);
    expect(await listVersions(repository, { previous: first.validator })).toEqual({ kind: "same" });
    const { digest } = await add(packChart({ name: "redis", version: "7.0.0" }));
    const second = await listVersions(repository, { previous: first.validator });
    expect(second.kind === "changed" && new Map(second.versions).get("redis")).toEqual([
      { version: "7.0.0", digest: `sha256:${digest}` },
    ]);
  });

  test.each([
    [{ kind: "status", status: 401, body: "" }],
    [{ kind: "status", status: 404, body: "" }],
    [{ kind: "status", status: 200, body: "" }],
    [{ kind: "status", status: 200, body: "<html><body>Sign in</body></html>" }],
    [{ kind: "status", status: 200, body: "apiVersion: v1\nentries:\n  xposer:\n  - version: 1.0" }],
    [{ kind: "status", status: 200, body: '{"xposer":[{"name":"xposer",' }],
    [{ kind: "status", status: 304, body: "" }],
    [{ kind: "reset" }],
    [{ kind: "truncated" }],
  ] as const)("fails on %j and concludes nothing", async (fault) => {
    const { repository, faults } = await start();
    faults.add(fault);
    expect(await listVersions(repository)).toMatchObject({
      kind: "failed",
      problem: { code: "chart-repository-unreachable" },
    });
    faults.clear();
    expect(await listVersions(repository)).toMatchObject({ kind: "changed" });
  });
});

test("an index of unusual layout is asked for once more, to be read whole", async () => {
  const { repository, setIndex, requests, faults } = await startIndex();
  setIndex("apiVersion: v1\nentries: { xposer: [{ name: xposer, version: 3.0.0 }] }\n");
  expect(await lookUp(repository, { chart: "xposer", version: "3.0.0" })).toMatchObject({ kind: "found" });
  expect(requests.map(({ path }) => path)).toEqual(["/index.yaml", "/index.yaml"]);
  faults.add(
    { kind: "status", status: 200, body: "apiVersion: v1\nentries: {}\nodd: { a: b }\n" },
    { times: 1 },
  );
  faults.add({ kind: "status", status: 503 });
  expect(await lookUp(repository, { chart: "xposer", version: "3.0.0" })).toMatchObject({
    kind: "unreachable",
  });
});

test("an index with an ETag is not sent twice", async () => {
  const { repository, requests } = await startIndex();
  const first = await listVersions(repository);
  await listVersions(repository, { previous: first.kind === "changed" ? first.validator : "" });
  expect(requests.map(({ headers }) => headers["if-none-match"])).toEqual([
    undefined,
    expect.stringMatching(/^"[0-9a-f]{16}"$/),
  ]);
});

test.each([
  ["long ago", 120, [undefined, "if-modified-since"]],
  ["within the last minute, so that it may change again unnoticed", 30, [undefined, undefined]],
] as const)("an index that was modified %s", async (_when, secondsAgo, requests) => {
  const modified = new Date(Date.now() - secondsAgo * 1000).toUTCString();
  const body = "apiVersion: v1\nentries: {}\n";
  const server = await startStandIn(() => ({ status: 200, headers: { "last-modified": modified }, body }));
  running.push(server);
  const repository = chartRepository(server.url, { kind: "index" });
  const first = await listVersions(repository);
  const second = await listVersions(repository, {
    previous: first.kind === "changed" ? first.validator : "",
  });
  expect(second).toEqual({ kind: "same" });
  const names = server.requests.map(({ headers }) =>
    Object.keys(headers).find((name) => name.startsWith("if-")),
  );
  expect(names).toEqual(requests);
});

test("an index is read alike when it comes compressed and in chunks", async () => {
  const listed = Array.from(
    { length: 20_000 },
    (_, n) => `  - name: xposer\n    version: 1.0.${n}\n    digest: "${n}"\n`,
  );
  const body = gzipSync(`apiVersion: v1\nentries:\n  xposer:\n${listed.join("")}generated: x\n`);
  const headers = { "content-encoding": "gzip" };
  const server = await startStandIn(() => ({ status: 200, headers, body }));
  running.push(server);
  const repository = chartRepository(server.url, { kind: "index" });
  const all = await listVersions(repository);
  const found = all.kind === "changed" ? [...all.versions] : [];
  expect(found.map(([chart, some]) => [chart, some.length, some.at(-1)])).toEqual([
    ["xposer", 20_000, { version: "1.0.19999" }],
  ]);
});

describe("an index that is too much", () => {
  const start = async (body: Uint8Array) => {
    const server = await startStandIn(() => ({ status: 200, body }));
    running.push(server);
    return server;
  };

  test("for a parser is downloaded once and refused", async () => {
    const body = Buffer.alloc(25 * 1024 * 1024, "apiVersion: v1 # {\nentries: { a: [] }\n");
    const { url, requests } = await start(body);
    expect(
      await lookUp(chartRepository(url, { kind: "index" }), { chart: "a", version: "1.0.0" }),
    ).toMatchObject({
      kind: "unreachable",
      problem: { message: expect.stringContaining("is malformed, or too large for its unusual layout") },
    });
    expect(requests).toHaveLength(1);
  });

  test("for the memory ends the thread that reads it, not the process", async () => {
    const { url } = await start(Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(48 * 1024 * 1024, "x")]));
    const limits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };
    const read = await readIndex({ url, query: { layout: "museum" } }, limits);
    expect(read).toMatchObject({
      answer: { kind: "failed", requested: `GET ${url}/`, reason: "reading the index takes too much memory" },
    });
    expect(read.content).toBeUndefined();
  });
});

test("a version that stands below another chart's key is missing, and that is told", async () => {
  const started = await startIndex();
  started.setIndex("apiVersion: v1\nentries:\n  xposer:\n  - name: other\n    version: 1.0.0\n");
  expect(await lookUp(started.repository, { chart: "xposer", version: "1.0.0" })).toEqual({
    kind: "missing",
    requested: `GET ${started.url}/index.yaml lists no such chart; an entry calls itself other 1.0.0`,
  });
});
