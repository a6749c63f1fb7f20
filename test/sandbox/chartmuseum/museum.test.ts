// The offline ChartMuseum answers as the real one does: status codes and texts are those of ChartMuseum v0.16.

import { afterEach, describe, expect, test } from "@jest/globals";
import { type Museum, startMuseum } from "../../../src/sandbox/chartmuseum/museum.ts";
import type { MuseumOptions } from "../../../src/sandbox/chartmuseum/museum-state.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";

let museum: Museum | undefined;
afterEach(() => museum?.close());

const V1 = packChart({ name: "xposer", version: "1.0.0" });
const PROVENANCE = "-----BEGIN PGP SIGNED MESSAGE-----\n\nname: xposer\nversion: 1.0.0\n";

async function start(options: MuseumOptions = {}) {
  const started = await startMuseum(options);
  museum = started;
  return {
    ...started,
    call: async (method: string, path: string, body?: Uint8Array | string | FormData) => {
      const response = await fetch(`${started.url}${path}`, {
        method,
        ...(body !== undefined && {
          body: typeof body === "string" || body instanceof FormData ? body : Buffer.from(body),
        }),
      });
      return [response.status, await response.text()];
    },
  };
}

function form(fields: { readonly [name: string]: Uint8Array | string }): FormData {
  const data = new FormData();
  for (const [name, bytes] of Object.entries(fields)) data.set(name, new Blob([Buffer.from(bytes)]), name);
  return data;
}

const UPLOADS = [
  ["a raw package", "/api/charts", V1, 201, '{"saved":true}'],
  ["a form", "/api/charts", form({ chart: V1 }), 201, '{"saved":true}'],
  ["a form with provenance", "/api/charts", form({ chart: V1, prov: PROVENANCE }), 201, '{"saved":true}'],
  ["a provenance file", "/api/prov", PROVENANCE, 201, '{"saved":true}'],
  ["an invalid provenance file", "/api/prov", "x", 500, '{"error":"invalid provenance file"}'],
  ["an empty body", "/api/charts", "", 400, '{"error":"EOF"}'],
  ["text", "/api/charts", "hello", 400, '{"error":"gzip: invalid header"}'],
  [
    "a form without fields",
    "/api/charts",
    form({ other: V1 }),
    400,
    '{"error":"no package or provenance file found in form fields chart and prov"}',
  ],
  [
    "a bad version",
    "/api/charts",
    packChart({ name: "xposer", version: "one" }),
    400,
    '{"error":"validation: chart.metadata.version \\"one\\" is invalid"}',
  ],
  ["too much", "/api/charts", new Uint8Array(20 * 1024 * 1024 + 1), 413, "request too large"],
] as const;

test.each(UPLOADS)("an upload of %s", async (...[, path, body, status, text]) => {
  const { call } = await start();
  expect(await call("POST", path, body)).toEqual([status, text]);
});

describe("a version that exists already", () => {
  test.each([
    ["is a conflict", {}, "/api/charts", [409, '{"error":"file already exists"}']],
    ["is replaced by force", {}, "/api/charts?force", [201, '{"saved":true}']],
    ["is replaced where that is allowed", { overwrite: "always" }, "/api/charts", [201, '{"saved":true}']],
    [
      "is never replaced where that is forbidden",
      { overwrite: "never" },
      "/api/charts?force",
      [409, '{"error":"file already exists"}'],
    ],
  ] as const)("%s", async (...[, options, path, answer]) => {
    const { call, upload } = await start(options);
    await upload(V1);
    expect(await call("POST", path, V1)).toEqual(answer);
  });

  test("is named otherwise in a form", async () => {
    const { call, upload } = await start();
    await upload(V1);
    expect(await call("POST", "/api/charts", form({ chart: V1 }))).toEqual([
      409,
      '{"error":"chart already exists"}',
    ]);
  });
});

describe("looking a version up", () => {
  test.each([
    ["1.0.0", 200, "1.0.0"],
    ["latest", 200, "1.3.0"],
    ["1.2", 200, "1.2.5"],
    ["^1.0.0", 200, "1.3.0"],
    ["1.2.5%2Bother", 200, "1.2.5"],
    ["1.4.0-rc.1", 200, "1.4.0-rc.1"],
    ["9.9.9", 404, "no chart version found for xposer-9.9.9"],
    ["release-1.61.0", 404, 'improper constraint: "release-1.61.0"'],
  ])("%s gives %i %s", async (wanted, status, expected) => {
    const { call, upload } = await start();
    for (const version of ["1.2.5", "1.3.0", "1.0.0", "1.4.0-rc.1"])
      await upload(packChart({ name: "xposer", version }));
    const [got, text] = await call("GET", `/api/charts/xposer/${wanted}`);
    const body: { version?: string; error?: string } = JSON.parse(String(text));
    expect([got, body.version ?? body.error]).toEqual([status, expected]);
  });

  test("an unknown chart", async () => {
    const { call } = await start();
    expect(await call("GET", "/api/charts/none/1.0.0")).toEqual([404, '{"error":"no chart name found"}']);
    expect(await call("GET", "/api/charts/none")).toEqual([404, '{"error":"chart not found"}']);
  });
});

test("the index lags behind the 201, the package does not", async () => {
  const { call } = await start({ indexLagMs: 100 });
  await call("POST", "/api/charts", V1);
  expect((await call("GET", "/api/charts/xposer/1.0.0"))[0]).toBe(404);
  expect((await call("GET", "/charts/xposer-1.0.0.tgz"))[0]).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect((await call("GET", "/api/charts/xposer/1.0.0"))[0]).toBe(200);
});

test("deleting a version takes package, provenance and index entry away", async () => {
  const { call, upload, packages } = await start();
  await upload(V1, PROVENANCE);
  expect(await call("DELETE", "/api/charts/xposer/1.0.0")).toEqual([200, '{"deleted":true}']);
  expect([...packages.keys()]).toEqual([]);
  expect((await call("GET", "/api/charts/xposer"))[0]).toBe(404);
});

test("basic auth guards everything but health and info", async () => {
  const { call, url } = await start({ basicAuth: { username: "reader", password: "secret" } });
  expect(await call("GET", "/index.yaml")).toEqual([401, '{"error":"unauthorized"}']);
  expect(await call("GET", "/health")).toEqual([200, '{"healthy":true}']);
  const authorization = `Basic ${Buffer.from("reader:secret").toString("base64")}`;
  expect((await fetch(`${url}/index.yaml`, { headers: { authorization } })).status).toBe(200);
});

test("no answer carries an ETag, every one a request id", async () => {
  const { url } = await start();
  const response = await fetch(`${url}/index.yaml`, { headers: { "x-request-id": "r-1" } });
  expect([response.headers.get("etag"), response.headers.get("x-request-id")]).toEqual([null, "r-1"]);
});

test("what is not modelled fails loudly", async () => {
  const { call, upload } = await start();
  await upload(V1);
  expect((await call("GET", "/api/charts/xposer/1.0.0/templates"))[0]).toBe(501);
});

test("packing is deterministic", () => {
  expect(packChart({ name: "xposer", version: "1.0.0" }).equals(V1)).toBe(true);
});

describe("faults", () => {
  test("break only what they match, as often as they say", async () => {
    const { call, faults, requests } = await start();
    faults.add({ kind: "status", status: 503 }, { match: /index/, times: 1 });
    expect((await call("GET", "/health"))[0]).toBe(200);
    expect((await call("GET", "/index.yaml"))[0]).toBe(503);
    expect((await call("GET", "/index.yaml"))[0]).toBe(200);
    expect(requests.map(({ path }) => path)).toEqual(["/health", "/index.yaml", "/index.yaml"]);
  });

  test.each(["reset", "truncated"] as const)("a %s answer is no answer", async (kind) => {
    const { call, faults } = await start();
    faults.add({ kind });
    await expect(call("GET", "/index.yaml")).rejects.toThrow();
  });

  test("a lost answer has had its effect", async () => {
    const { call, faults, packages } = await start();
    faults.add({ kind: "lost" });
    await expect(call("POST", "/api/charts", V1)).rejects.toThrow();
    expect([...packages.keys()]).toEqual(["xposer-1.0.0.tgz"]);
  });
});
