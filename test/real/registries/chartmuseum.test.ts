// A real ChartMuseum beside the offline one: the same calls in the same order, and both must answer alike; then the
// adapters, which must find the same in both. The offline one answers as 0.16.5 does; where 0.13.1 answers otherwise, a
// case says how.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fetchArchive, fetchProvenance } from "../../../src/adapters/charts/archive/fetch-archive.ts";
import { listVersions } from "../../../src/adapters/charts/list-versions.ts";
import { lookUp } from "../../../src/adapters/charts/look-up.ts";
import { released } from "../../../src/adapters/charts/released.ts";
import { type Museum, startMuseum } from "../../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { chartRepository } from "../../adapters/charts/repository.ts";
import { isSkipped, type Running, start } from "../program.ts";
import { findChartMuseum } from "./chartmuseum-program.ts";

const LOGIN = { username: "reader", password: "secret" };
const BASIC = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString("base64")}`;

const V1 = packChart({ name: "xposer", version: "1.0.0", appVersion: "7.1", annotations: { note: "first" } });
const OTHER_V1 = packChart({ name: "xposer", version: "1.0.0", description: "replaced" });
const PROVENANCE = "-----BEGIN PGP SIGNED MESSAGE-----\n\nname: xposer\nversion: 1.0.0\n";

const JSON_TYPE = "application/json; charset=utf-8";
/** What 0.13.1 answers otherwise than 0.16.5, by case. */
const BEFORE: ReadonlyMap<string, readonly [number, string, object]> = new Map([
  ["the same in a form", [409, JSON_TYPE, { error: "xposer-1.0.0.tgz already exists" }]],
  ["an empty upload", [500, JSON_TYPE, { error: "EOF" }]],
  ["text", [500, JSON_TYPE, { error: "unexpected EOF" }]],
  // Saved, and taken away again for the cases after it.
  ["a bad version", [201, JSON_TYPE, { saved: true }]],
  ["no version at all", [404, JSON_TYPE, { error: "improper constraint: release-1.61.0" }]],
]);

const suite = isSkipped("chartmuseum") ? describe.skip : describe;

suite("a real ChartMuseum", () => {
  const world: { offline?: Museum; real?: string; running?: Running; folder?: string; isOld?: boolean } = {};

  beforeAll(async () => {
    const { program, version } = await findChartMuseum();
    const folder = await mkdtemp(join(tmpdir(), "chartmuseum-"));
    const port = await freePort();
    const flags = [
      `--port=${port}`,
      "--listen-host=127.0.0.1",
      "--storage=local",
      `--storage-local-rootdir=${folder}`,
    ];
    const auth = [`--basic-auth-user=${LOGIN.username}`, `--basic-auth-pass=${LOGIN.password}`];
    const running = await start([program, "--debug", ...flags, ...auth], /Starting ChartMuseum/);
    const offline = await startMuseum({ basicAuth: LOGIN });
    const real = `http://127.0.0.1:${port}`;
    Object.assign(world, { offline, running, folder, real, isOld: version.startsWith("0.13.") });
    process.stdout.write(`ChartMuseum ${version || "of an unknown version"}.\n`);
    await waitFor(`http://127.0.0.1:${port}/health`);
  }, 900_000);

  afterAll(async () => {
    await world.running?.stop();
    await world.offline?.close();
    if (world.folder !== undefined) await rm(world.folder, { recursive: true });
  });

  async function both(question: (url: string) => Promise<unknown>): Promise<readonly [unknown, unknown]> {
    const { offline, real } = world;
    if (offline === undefined || real === undefined) throw new Error("not started");
    return [await question(real), await question(offline.url)];
  }

  const repository = (url: string) => chartRepository(url, { credentials: { kind: "basic", ...LOGIN } });

  // One after the other: each builds on what the ones before it left behind.
  test.each<[string, string, string, (Uint8Array | string | FormData)?]>([
    ["an empty repository", "GET", "/api/charts"],
    ["its health", "GET", "/health"],
    ["no such chart", "GET", "/api/charts/xposer"],
    ["no such chart's version", "GET", "/api/charts/xposer/1.0.0"],
    ["an upload", "POST", "/api/charts", V1],
    ["the same again", "POST", "/api/charts", V1],
    ["the same by force", "POST", "/api/charts?force", OTHER_V1],
    ["back by force, in a form", "POST", "/api/charts?force", form({ chart: V1 })],
    ["the same in a form", "POST", "/api/charts", form({ chart: V1 })],
    ["a second version", "POST", "/api/charts", packChart({ name: "xposer", version: "1.2.5" })],
    [
      "a version with build metadata",
      "POST",
      "/api/charts",
      packChart({ name: "xposer", version: "1.3.0+b.1" }),
    ],
    ["a pre-release", "POST", "/api/charts", packChart({ name: "xposer", version: "1.4.0-rc.1" })],
    ["another chart", "POST", "/api/charts", packChart({ name: "redis", version: "7.0.0" })],
    ["a provenance file", "POST", "/api/prov", PROVENANCE],
    ["the same provenance file", "POST", "/api/prov", PROVENANCE],
    ["no provenance file", "POST", "/api/prov", "x"],
    ["an empty upload", "POST", "/api/charts", ""],
    ["text", "POST", "/api/charts", "hello"],
    ["a form without fields", "POST", "/api/charts", form({ other: V1 })],
    ["a bad version", "POST", "/api/charts", packChart({ name: "xposer", version: "one" })],
    ["everything", "GET", "/api/charts"],
    ["a page of it", "GET", "/api/charts?offset=1&limit=1"],
    ["a bad offset", "GET", "/api/charts?offset=-1"],
    ["a bad limit", "GET", "/api/charts?limit=0"],
    ["one chart", "GET", "/api/charts/xposer"],
    ["one version", "GET", "/api/charts/xposer/1.0.0"],
    ["a range", "GET", "/api/charts/xposer/1.2"],
    ["a caret", "GET", "/api/charts/xposer/^1.0.0"],
    ["the latest", "GET", "/api/charts/xposer/latest"],
    ["other build metadata", "GET", "/api/charts/xposer/1.3.0%2Bother"],
    ["no such version", "GET", "/api/charts/xposer/9.9.9"],
    ["no version at all", "GET", "/api/charts/xposer/release-1.61.0"],
    ["a package", "GET", "/charts/xposer-1.0.0.tgz"],
    ["no such package", "GET", "/charts/xposer-9.9.9.tgz"],
    ["another file", "GET", "/charts/x.txt"],
    ["no such route", "GET", "/api/nothing"],
    ["a deletion", "DELETE", "/api/charts/redis/7.0.0"],
    ["what was deleted", "GET", "/api/charts/redis/7.0.0"],
  ])("%s", async (...[name, method, path, body]) => {
    const [real, offline] = await both((url) => ask(url, { method, path, body }));
    const before = world.isOld ? BEFORE.get(name) : undefined;
    expect(before ?? offline).toEqual(real);
    if (before?.[0] === 201 && world.real !== undefined)
      await ask(world.real, { method: "DELETE", path: "/api/charts/xposer/one" });
  });

  test("without credentials only health and info answer", async () => {
    const [real, offline] = await both(async (url) => {
      const paths = ["/health", "/index.yaml", "/api/charts", "/charts/xposer-1.0.0.tgz"];
      return Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).status));
    });
    expect(real).toEqual([200, 401, 401, 401]);
    expect(offline).toEqual(real);
  });

  test.each([
    ["1.0.0", "found"],
    ["1.3.0+b.1", "found"],
    ["1.2", "missing"],
    ["9.9.9", "missing"],
    ["release-1", "missing"],
  ])("a look-up of %s is %s in both", async (version, kind) => {
    const [real, offline] = await both((url) => lookUp(repository(url), { chart: "xposer", version }));
    expect(real).toMatchObject({ kind });
    // Before 0.16 without the quotes around it.
    const unquoted = (answer: unknown) => JSON.stringify(alike(answer)).replaceAll(/\\+"/g, "");
    expect(unquoted(offline)).toBe(unquoted(real));
  });

  test("the versions, the list and the files are the same in both", async () => {
    const name = { chart: "xposer", version: "1.0.0" };
    const [real, offline] = await both(async (url) => {
      const listed = await listVersions(repository(url));
      return [
        await released(repository(url), { chart: "xposer", from: "", to: "9.9.9" }),
        listed.kind === "changed" ? [...listed.versions] : listed,
        await fetchArchive(repository(url), name),
        await fetchProvenance(repository(url), name),
      ];
    });
    expect(real).toMatchObject([
      { versions: expect.any(Array) },
      [["xposer", {}]],
      { ok: true },
      { ok: true, value: PROVENANCE },
    ]);
    expect(alike(offline)).toEqual(alike(real));
  });

  test("a poll of the index.yaml finds the same", async () => {
    const [real, offline] = await both(async (url) => {
      const listed = await listVersions({ ...repository(url), kind: "index" });
      return listed.kind === "changed" ? [...listed.versions] : listed;
    });
    expect(alike(offline)).toEqual(alike(real));
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function waitFor(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

function form(fields: { readonly [name: string]: Uint8Array }): FormData {
  const data = new FormData();
  for (const [name, bytes] of Object.entries(fields)) data.set(name, new Blob([Buffer.from(bytes)]), name);
  return data;
}

function bodyOf(body: Uint8Array | string | FormData): Buffer | string | FormData {
  return body instanceof Uint8Array ? Buffer.from(body) : body;
}

async function ask(
  url: string,
  {
    method,
    path,
    body,
  }: {
    readonly method: string;
    readonly path: string;
    readonly body?: Uint8Array | string | FormData | undefined;
  },
): Promise<unknown> {
  const answer = await call(`${url}${path}`, { method, ...(body !== undefined && { body: bodyOf(body) }) });
  // The index follows a little after the answer.
  if (method !== "GET") await new Promise((resolve) => setTimeout(resolve, 300));
  return answer;
}

/** Status, type and body; times left out, bodies that are no JSON by their length. */
async function call(url: string, options: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...options, headers: { authorization: BASIC } });
  const type = response.headers.get("content-type");
  const text = await response.text();
  return [response.status, type, type?.includes("json") ? alike(JSON.parse(text)) : text.length];
}

/** Without what two repositories cannot have in common: times and addresses. */
function alike(value: unknown): unknown {
  const text = JSON.stringify(value).replaceAll(/127\.0\.0\.1:\d+/g, "HOST");
  return JSON.parse(text, (key, inner: unknown) => (key === "created" ? undefined : inner));
}
