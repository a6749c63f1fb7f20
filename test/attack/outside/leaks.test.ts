// What must not come out, and what must not be believed: logins in addresses, files of the data folder, headers of proxies that
// nobody stated, and texts that ask for a mistake.

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import { parseReport } from "../../../src/reconcile/deployment/report.ts";
import { type Running, startServer, XPOSER } from "../../support/http-server.ts";

const JSON_TYPE = { "content-type": "application/json" };

describe("a door", () => {
  let server: Running;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.stop());

  const post = (path: string, body: string, headers: object = XPOSER) =>
    fetch(`${server.url}${path}`, { method: "POST", headers: { ...JSON_TYPE, ...headers }, body });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "is told of an event %s and ignores it",
    async (type) => {
      const answer = await post("/publish/harbor/xposer-pipeline", JSON.stringify({ type, event_data: {} }));
      expect(await answer.json()).toMatchObject({ state: "ignored" });
    },
  );

  test.each(["%E0%A4%A", "%ZZ", "%", "%00", "%ff"])("is asked for %s and has no such thing", async (part) => {
    for (const path of [
      `/publishes/${part}`,
      `/deployments/${part}/status`,
      `/museum/${part}/index.yaml`,
      `/publish/harbor/${part}`,
    ]) {
      const method = path.startsWith("/publishes") || path.endsWith("yaml") ? "GET" : "POST";
      const answer = await fetch(`${server.url}${path}`, {
        method,
        ...(method === "POST" && { headers: JSON_TYPE, body: "{}" }),
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });

  test.each([
    ["3,000 levels of dotted values", { [Array(3_000).fill("a").join(".")]: 1 }],
    ["a path through the prototype", { "__proto__.x": 1 }],
    ["a path through the constructor", { "constructor.prototype.x": 1 }],
  ])("takes or refuses %s, and makes no mistake", async (_what, values) => {
    const answer = await post("/publish", JSON.stringify({ chart: "xposer", version: "1.0.0", values }));
    expect([202, 400]).toContain(answer.status);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  test("does not believe who a caller says it is for, unless the proxy is one that server.yaml states", async () => {
    const forwarded = {
      "x-forwarded-for": "203.0.113.7",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "mallory.example.com",
    };
    const ask = async () =>
      JSON.stringify(
        await (
          await post("/publish", '{"chart":"xposer","version":"1.0.0"}', { ...XPOSER, ...forwarded })
        ).json(),
      );
    expect(await ask()).not.toContain("mallory.example.com");
    expect(JSON.stringify(server.lines)).not.toContain("203.0.113.7");
    await server.stop();
    server = await startServer({ settings: { proxies: ["127.0.0.1"] } });
    expect(await ask()).toContain("https://mallory.example.com/publishes/");
    expect(JSON.stringify(server.lines)).toContain("203.0.113.7");
  });
});

test("what a proxy passes on as an address is in the log as far as one is long", async () => {
  const server = await startServer({ settings: { proxies: ["127.0.0.1"] } });
  await fetch(`${server.url}/healthz/none`, { headers: { "x-forwarded-for": "x".repeat(10_000) } });
  const [line] = server.refusals();
  await server.stop();
  expect(line?.fields["from"]).toMatch(/^x+…$/);
  expect(JSON.stringify(line).length).toBeLessThan(1_000);
});

test("the data folder is its owner's alone", async () => {
  const folder = join(await mkdtemp(join(tmpdir(), "leaks-")), "data");
  const log = { warn: () => undefined, error: () => undefined };
  const store = await openStore({ dataFolder: folder, clock: () => new Date(), log });
  const modes = await Promise.all(
    ["", "chart-promoter.sqlite", "chart-promoter.sqlite-wal", "lock.sqlite"].map(
      async (name) => (await stat(join(folder, name))).mode & 0o777,
    ),
  );
  await store.close();
  await rm(folder, { recursive: true });
  expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
});

test.each([
  "https://user:hunter2@jenkins.example.com/job/1",
  "https://token@jenkins.example.com/job/1",
  "https://:hunter2@x",
])("a deployer's log address with a login in it is refused: %s", (log) => {
  const parsed = parseReport({ state: "success", log });
  expect(parsed.ok).toBe(false);
  expect(JSON.stringify(parsed)).not.toContain("hunter2");
});
