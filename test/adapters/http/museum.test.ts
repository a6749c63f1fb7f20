import { createHash } from "node:crypto";
import { createServer } from "node:http";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { ChartRepository } from "../../../src/domain/model/config/settings.ts";
import { ok } from "../../../src/domain/model/problem.ts";
import { type Museum, startMuseum } from "../../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { readChart } from "../../../src/sandbox/chartmuseum/read-chart.ts";
import { basic, type Running, startServer } from "../../support/http-server.ts";

const PACKED = packChart({ name: "xposer", version: "1.2.3" });
const JENKINS = basic("jenkins", "let me in");

let museum: Museum;
let server: Running;

beforeEach(async () => {
  museum = await startMuseum({ basicAuth: { username: "jenkins", password: "let me in" } });
  server = await start(museum.url);
});
afterEach(async () => {
  await server.stop();
  await museum.close();
});

function start(fetchFrom: string): Promise<Running> {
  const repository: ChartRepository = {
    name: "stakater",
    url: "https://charts.example.com",
    also: [],
    kind: "chartmuseum",
    fetchFrom,
    credentials: { kind: "none" },
  };
  const chartRepositories = [repository, { ...repository, name: "plain", kind: "index" as const }];
  return startServer({
    settings: { chartRepositories },
    charts: {
      museumApi: (from) => [`${from}/api/not-here/charts`, `${from}/api/charts`],
      openArchive: async (packed) => ok({ metadata: await readChart(packed) }),
    },
  });
}

function put(body: Uint8Array | FormData, path = "stakater/api/charts", headers: object = JENKINS) {
  const bytes = body instanceof FormData ? body : new Uint8Array(body);
  return fetch(`${server.url}/museum/${path}`, { method: "POST", headers: { ...headers }, body: bytes });
}

function form(field: string, bytes: Uint8Array): FormData {
  const data = new FormData();
  data.set(field, new File([new Uint8Array(bytes)], "x.tgz"));
  return data;
}

describe("an upload through the server", () => {
  test.each<[string, Uint8Array | FormData]>([
    ["as curl --data-binary sends it", PACKED],
    ["as helm cm-push sends it", form("chart", PACKED)],
  ])("%s is in ChartMuseum and is a publish", async (_, body) => {
    const answer = await put(body);
    expect([answer.status, await answer.json()]).toEqual([201, { saved: true }]);
    expect(answer.headers.get("warning")).toBeNull();
    expect(museum.packages.get("xposer-1.2.3.tgz")).toEqual(PACKED);
    expect(server.records.all()).toMatchObject([
      {
        chart: "xposer",
        version: "1.2.3",
        repository: "stakater",
        digest: `sha256:${createHash("sha256").update(PACKED).digest("hex")}`,
        publisher: "museum:jenkins",
      },
    ]);
    expect(server.marked).toHaveLength(1);
  });

  test("as Go's multipart writer sends it is a publish with the digest of the chart alone", async () => {
    const head =
      '--b\r\nContent-Disposition: form-data; name="chart"; filename="xposer-1.2.3.tgz"\r\nContent-Type: application/octet-stream\r\n\r\n';
    const body = Buffer.concat([Buffer.from(head), PACKED, Buffer.from("\r\n--b--\r\n")]);
    const headers = { ...JENKINS, "content-type": "multipart/form-data; boundary=b" };
    expect((await put(body, "stakater/api/charts", headers)).status).toBe(201);
    const digest = createHash("sha256").update(PACKED).digest("hex");
    expect(server.records.all()).toMatchObject([{ chart: "xposer", digest: `sha256:${digest}` }]);
  });

  test("that is announced afterwards is a repeat which adds values, and the announcer may ask for it", async () => {
    await put(PACKED);
    const xposer = basic("xposer-pipeline", "open sesame");
    const announced = await fetch(`${server.url}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", ...xposer },
      body: JSON.stringify({ chart: "xposer", version: "1.2.3", values: { a: 1 } }),
    });
    expect(announced.status).toBe(200);
    const { url } = Object(await announced.json());
    expect((await fetch(url, { headers: xposer })).status).toBe(200);
  });

  test.each<[string, object]>([
    ["without credentials", {}],
    ["with wrong ones", basic("jenkins", "x")],
  ])("%s gets ChartMuseum's own 401 and is no publish", async (_, headers) => {
    const answer = await put(PACKED, "stakater/api/charts", headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("ChartMuseum");
    expect(server.records.all()).toEqual([]);
  });

  test("of bytes that are no chart gets ChartMuseum's own 400", async () => {
    const answer = await put(Buffer.from("no chart"));
    expect([answer.status, await answer.json()]).toEqual([400, { error: "gzip: invalid header" }]);
    expect(server.records.all()).toEqual([]);
  });

  test("of a version that exists gets ChartMuseum's own 409, and is known here without a digest", async () => {
    await museum.upload(PACKED);
    const answer = await put(packChart({ name: "xposer", version: "1.2.3", description: "other bytes" }));
    expect([answer.status, await answer.json()]).toEqual([409, { error: "file already exists" }]);
    expect(server.records.all()).toMatchObject([{ chart: "xposer", version: "1.2.3" }]);
    expect(server.records.all()[0]).not.toHaveProperty("digest");
  });

  test("with ?force replaces it there; the publish keeps its digest and the operator is told", async () => {
    await put(PACKED);
    const other = packChart({ name: "xposer", version: "1.2.3", description: "other bytes" });
    const answer = await put(other, "stakater/api/charts?force");
    expect(answer.status).toBe(201);
    expect(answer.headers.get("warning")).toMatch(
      /^299 - "xposer 1\.2\.3 was announced before with the digest sha256:\w+, now with sha256:\w+\."$/,
    );
    expect(server.replaced).toEqual([{ repository: "stakater", chart: "xposer", version: "1.2.3" }]);
    expect(museum.packages.get("xposer-1.2.3.tgz")).toEqual(other);
    expect(server.records.all()).toHaveLength(1);
    expect(server.lines).toContainEqual(
      expect.objectContaining({ message: "uploaded chart is not announced" }),
    );
  });

  test("whose publish cannot be stored is not confirmed; sending it again stores it", async () => {
    server.records.broken = new Error("down");
    const answer = await put(PACKED);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      detail: expect.stringContaining("ChartMuseum took xposer 1.2.3"),
    });
    server.records.broken = undefined;
    expect((await put(PACKED)).status).toBe(409);
    expect(server.records.all()).toHaveLength(1);
  });

  test("of a provenance file alone is passed on and is no publish", async () => {
    const prov = Buffer.from("-----BEGIN PGP SIGNED MESSAGE-----\n\nname: xposer\nversion: 1.2.3\n\n...\n");
    expect((await put(prov, "stakater/api/prov")).status).toBe(201);
    expect((await put(form("prov", prov))).status).not.toBe(404);
    expect(server.records.all()).toEqual([]);
  });

  test.each(["nobody/api/charts", "plain/api/charts"])("to %s is a 404", async (path) => {
    const answer = await put(PACKED, path);
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: "not-found" }]);
  });

  test("of more than 20 MiB is a 413", async () => {
    expect((await put(Buffer.alloc(20 * 2 ** 20 + 1))).status).toBe(413);
  });

  test("of 2 MiB is not too large", async () => {
    expect((await put(Buffer.alloc(2 * 2 ** 20))).status).toBe(400);
  });

  test("while ChartMuseum is away is a 502 that says where it was looked for", async () => {
    await museum.close();
    const answer = await put(PACKED);
    expect([answer.status, await answer.json()]).toMatchObject([
      502,
      { code: "chart-repository-unreachable", detail: expect.stringMatching(/^POST http:.*: ECONNREFUSED/) },
    ]);
  });

  test("sends on the caller's headers and query, and none of the connection's", async () => {
    const seen: object[] = [];
    const other = createServer((request, response) => {
      seen.push({ url: request.url, headers: request.headers });
      response.writeHead(201, { "content-type": "application/json" }).end("{}");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await server.stop();
    server = await start(`http://127.0.0.1:${port}`);
    await put(PACKED, "stakater/api/charts?force=&x=1", { token: "t", "x-forwarded-for": "10.0.0.1" });
    other.close();
    expect(seen).toMatchObject([
      { url: "/api/not-here/charts?force=&x=1", headers: { token: "t", host: `127.0.0.1:${port}` } },
    ]);
    expect(Object(seen[0]).headers).not.toHaveProperty("x-forwarded-for");
  });
});

test("helm cm-push learns from index.yaml which path to put before /api", async () => {
  const answer = await fetch(`${server.url}/museum/stakater/index.yaml`);
  expect(parse(await answer.text())).toMatchObject({
    apiVersion: "v1",
    entries: {},
    serverInfo: { contextPath: "/museum/stakater" },
  });
  expect((await fetch(`${server.url}/museum/nobody/index.yaml`)).status).toBe(404);
});
