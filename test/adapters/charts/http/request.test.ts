// Bounds of a single request, and where credentials go.

import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { QUICK, request } from "../../../../src/adapters/charts/http/request.ts";
import { Registry } from "../../../../src/adapters/charts/oci/registry.ts";
import { type Fault, type StandIn, startStandIn } from "../../../../src/sandbox/chartmuseum/stand-in.ts";

let server: StandIn | undefined;
afterEach(async () => {
  await server?.close();
  nock.cleanAll();
  nock.restore();
});

async function ask(fault: Fault, limits: { readonly timeoutMs?: number; readonly maxBytes?: number } = {}) {
  const started = await startStandIn(() => ({ status: 200, body: "x".repeat(3 * 1024 * 1024) }));
  server = started;
  started.faults.add(fault);
  return request({ url: new URL(`${started.url}/path?token=secret`), ...QUICK, ...limits });
}

describe("a request fails", () => {
  test.each<[string, Fault, Parameters<typeof ask>[1], string]>([
    ["when nobody answers in time", { kind: "timeout" }, { timeoutMs: 200 }, "no whole answer within 0.2 s"],
    [
      "when the answer is late",
      { kind: "slow", ms: 2000 },
      { timeoutMs: 200 },
      "no whole answer within 0.2 s",
    ],
    ["when the answer is too large", { kind: "slow", ms: 0 }, { maxBytes: 1024 * 1024 }, "more than 1 MiB"],
    ["when the answer is cut short", { kind: "truncated" }, {}, "ECONNRESET: aborted"],
  ])("%s", async (...[, fault, limits, reason]) => {
    const answer = await ask(fault, limits);
    expect(answer).toMatchObject({ kind: "failed", reason });
    expect(answer.requested).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/path$/);
  });
});

test("of a large refusal only the beginning is read", async () => {
  const answer = await ask({ kind: "status", status: 500, body: "x".repeat(5 * 1024 * 1024) });
  expect(answer).toMatchObject({ kind: "answer", status: 500 });
  expect(answer.kind === "answer" && answer.body.length).toBeLessThan(1024 * 1024);
});

describe("a body that was compressed for the way", () => {
  const text = "x".repeat(1000);
  const encoders = new Map([
    ["gzip", gzipSync],
    ["X-GZip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["gzip, br", (bytes: string) => brotliCompressSync(gzipSync(bytes))],
    ["identity", (bytes: string) => Buffer.from(bytes)],
  ]);

  test.each([...encoders])("by %s is read as it was", async (encoding, encode) => {
    const answer = await ask({
      kind: "status",
      status: 200,
      body: encode(text),
      headers: { "content-encoding": encoding },
    });
    expect(answer).toMatchObject({ kind: "answer", status: 200 });
    expect(answer.kind === "answer" && Buffer.from(answer.body).toString()).toBe(text);
  });

  test("counts as large as it unpacks to", async () => {
    const body = gzipSync(Buffer.alloc(3 * 1024 * 1024));
    const fault = { kind: "status", status: 200, body, headers: { "content-encoding": "gzip" } } as const;
    expect(await ask(fault, { maxBytes: 1024 * 1024 })).toMatchObject({ reason: "more than 1 MiB" });
  });

  test("and does not unpack is a failure", async () => {
    const fault = {
      kind: "status",
      status: 200,
      body: text,
      headers: { "content-encoding": "gzip" },
    } as const;
    expect(await ask(fault)).toMatchObject({
      kind: "failed",
      reason: "Z_DATA_ERROR: incorrect header check",
    });
  });

  test("by an unknown way comes as it was sent", async () => {
    const fault = {
      kind: "status",
      status: 200,
      body: text,
      headers: { "content-encoding": "exi" },
    } as const;
    const answer = await ask(fault);
    expect(answer.kind === "answer" && Buffer.from(answer.body).toString()).toBe(text);
  });
});

test("a kept connection that the server has closed meanwhile is none to fail by", async () => {
  const started = await startStandIn(() => ({ status: 200, body: "there" }));
  server = started;
  const url = new URL(started.url);
  expect(await request({ url, ...QUICK })).toMatchObject({ status: 200 });
  await started.close();
  const restarted = await startStandIn(() => ({ status: 200, body: "there" }), Number(url.port));
  server = restarted;
  expect(await request({ url, ...QUICK })).toMatchObject({ status: 200 });
});

test("a connection kept for one repository leads no other one where it may not go", async () => {
  const started = await startStandIn(() => ({ status: 200, body: "there" }));
  server = started;
  const url = new URL(started.url.replace("127.0.0.1", "localhost"));
  const near = () => request({ url, reach: { home: "10.0.0.1", hosts: ["localhost"] }, ...QUICK });
  const far = () => request({ url, reach: { home: "192.0.2.1" }, ...QUICK });
  const refused = { reason: expect.stringContaining("localhost is at a loopback address") };
  expect(await far()).toMatchObject(refused);
  expect(await near()).toMatchObject({ status: 200 });
  expect(await far()).toMatchObject(refused);
  expect(started.requests.length).toBe(1);
});

test("user and password in an address are sent to nobody", async () => {
  const started = await startStandIn(() => ({ status: 200 }));
  server = started;
  const answer = await request({ url: new URL(started.url.replace("//", "//reader:secret@")), ...QUICK });
  expect(answer).toMatchObject({ status: 200, requested: `GET ${started.url}/` });
  expect(started.requests[0]?.headers["authorization"]).toBeUndefined();
});

test("no redirect leads from https to http", async () => {
  intercept();
  nock("https://charts.example.com")
    .get("/x")
    .reply(302, undefined, { location: "http://charts.example.com/x" });
  expect(await request({ url: new URL("https://charts.example.com/x"), ...QUICK })).toMatchObject({
    kind: "failed",
    reason: "a redirect from https to http://charts.example.com/x",
  });
});

describe("a registry with TLS that asks for a token", () => {
  const challenge = (realm: string) => ({
    "www-authenticate": `Bearer realm="${realm}",service="s",scope="repository:a:pull"`,
  });
  const login = { username: "reader", password: "secret" };
  const registry = (hosts: readonly string[] = ["auth.example.com"]) =>
    new Registry({
      ...{ origin: "https://registry.example.com", repository: "a", login },
      reach: { home: "registry.example.com", hosts },
    });

  test("gets it from the service it names, which is told the password", async () => {
    intercept();
    nock("https://registry.example.com")
      .get("/v2/a/manifests/1")
      .reply(401, "", challenge("https://auth.example.com/token"));
    nock("https://auth.example.com")
      .get("/token")
      .query({ service: "s", scope: "repository:a:pull" })
      .basicAuth({ user: "reader", pass: "secret" })
      .reply(200, { access_token: "t-1" });
    nock("https://registry.example.com", { reqheaders: { authorization: "Bearer t-1" } })
      .get("/v2/a/manifests/1")
      .reply(200, "{}");
    expect(await registry().send({ path: "manifests/1" })).toMatchObject({ kind: "answer", status: 200 });
  });

  test("tells a service on a host that nobody listed no password, and says which host to list", async () => {
    intercept();
    nock("https://registry.example.com")
      .get("/v2/a/manifests/1")
      .reply(401, "", challenge("https://auth.evil.example/token"));
    const spied = nock("https://auth.evil.example").get("/token").query(true).reply(200, { token: "t-1" });
    expect(await registry().send({ path: "manifests/1" })).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("auth.evil.example is listed under hosts in server.yaml"),
    });
    expect(spied.isDone()).toBe(false);
  });

  test("is not followed to a service without TLS", async () => {
    intercept();
    nock("https://registry.example.com")
      .get("/v2/a/manifests/1")
      .reply(401, "", challenge("http://auth.example.com/token"));
    const spied = nock("http://auth.example.com").get("/token").query(true).reply(200, { token: "t-1" });
    expect(await registry().send({ path: "manifests/1" })).toMatchObject({ kind: "answer", status: 401 });
    expect(spied.isDone()).toBe(false);
  });

  test("that gives none is a failure", async () => {
    intercept();
    nock("https://registry.example.com")
      .get("/v2/a/manifests/1")
      .reply(401, "", challenge("https://auth.example.com/token"));
    nock("https://auth.example.com").get("/token").query(true).reply(403, { details: "no" });
    expect(await registry().send({ path: "manifests/1" })).toMatchObject({
      kind: "failed",
      requested: "GET https://auth.example.com/token",
      reason: "it answered 403 and no token",
    });
  });
});

/** nock is at work only in the tests that need TLS. */
function intercept(): void {
  if (!nock.isActive()) nock.activate();
}
