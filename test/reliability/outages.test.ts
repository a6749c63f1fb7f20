// GitHub or ChartMuseum away, webhooks that cannot be trusted, a server that stops in the middle of its work: what was
// answered with 202 is promoted afterwards.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Bot, startBot } from "../../src/sandbox/demo/bot.ts";
import { MUSEUM_URL, PUBLISHER, WEBHOOK_SECRET } from "../../src/sandbox/test-bed.ts";
import { type MultiTenantTestBed, startMultiTenantTestBed } from "./multi-tenant-test-bed.ts";

let testBed: MultiTenantTestBed;

beforeEach(async () => {
  testBed = await startMultiTenantTestBed({ accounts: ["acme"] });
});

afterEach(() => testBed.stop());

function titles(): readonly string[] {
  return testBed
    .repository("acme")
    .pulls()
    .map(({ title }) => title);
}

async function ready(): Promise<number> {
  return (await fetch(`${testBed.url()}/readyz`)).status;
}

const PROMOTED = ["Promote xposer to 1.0.1 in dev"];
/** Eight seconds of grace, and what a busy machine needs to end. */
const STOPS_WITHIN_MS = 20_000;
const ALWAYS = { times: Number.POSITIVE_INFINITY };

test("GitHub unreachable at start: the process lives, is not ready, and promotes later what it accepted meanwhile", async () => {
  testBed.github.fault(ALWAYS, "reset-before");
  await testBed.start();
  expect((await fetch(`${testBed.url()}/healthz`)).status).toBe(200);
  expect(await ready()).toBe(503);
  expect((await testBed.publish("1.0.1")).status).toBe(202);
  await sleep(300);
  expect([await ready(), titles()]).toEqual([503, []]);
  testBed.github.faults.clear();
  await testBed.until(() => titles().length > 0);
  await testBed.waitUntilIdle();
  expect(titles()).toEqual(PROMOTED);
  // GitHub is asked once in some seconds, whoever asks.
  await testBed.until(async () => (await ready()) === 200);
});

test("ChartMuseum away: the publish waits as accepted and is promoted when it is back", async () => {
  await testBed.start();
  await testBed.waitUntilIdle();
  testBed.museum.faults.add({ kind: "status", status: 503 });
  const { status, id } = await testBed.publish("1.0.1");
  await testBed.waitUntilIdle();
  expect([status, (await testBed.publishState(id)).state, titles()]).toEqual([202, "accepted", []]);
  testBed.museum.faults.clear();
  await testBed.until(() => titles().length > 0);
  await testBed.waitUntilIdle();
  expect([(await testBed.publishState(id)).state, titles()]).toEqual(["verified", PROMOTED]);
});

test("webhooks signed with another secret change nothing; the next synchronisation makes up for them", async () => {
  await testBed.start();
  await testBed.publish("1.0.1");
  await testBed.waitUntilIdle();
  testBed.github.webhooks.sendTo({ url: `${testBed.url()}/api/github/webhooks`, secret: "another" });
  testBed.github.requests.mark();
  testBed.alice.merge("acme/config", 1);
  await testBed.waitUntilIdle();
  const answers = testBed.github.webhooks.attempts.slice(-2).map(({ status }) => status);
  expect(answers.every((status) => status !== undefined && status >= 400)).toBe(true);
  expect(testBed.github.requests.counted).toEqual([]);
  await testBed.stopServer();
  await testBed.start();
  await testBed.until(() => testBed.repository("acme").deployments.size > 0);
  await testBed.waitUntilIdle();
  expect(testBed.repository("acme").deployments.size).toBe(1);
});

test("stopped while GitHub does not answer: within the grace, and a second start goes on", async () => {
  await testBed.start();
  await testBed.waitUntilIdle();
  testBed.github.fault({ match: testBed.isFrom("acme") }, { kind: "timeout" });
  const { id } = await testBed.publish("1.0.1");
  await testBed.until(() => !testBed.github.faults.pending);
  const began = Date.now();
  await testBed.stopServer();
  expect(Date.now() - began).toBeLessThan(STOPS_WITHIN_MS);
  expect(titles()).toEqual([]);
  await testBed.start();
  await testBed.until(() => titles().length > 0);
  await testBed.waitUntilIdle();
  expect([titles(), (await testBed.publishState(id)).promotions[0]?.state]).toEqual([PROMOTED, "proposed"]);
});

test("a second process on the same data folder refuses to start and says why; SIGTERM ends the first in time", async () => {
  const folder = await mkdtemp(join(tmpdir(), "chart-promoter-two-"));
  const config = join(folder, "server.yaml");
  await writeFile(
    config,
    `chartRepositories:\n  stakater: { url: ${MUSEUM_URL}, fetchFrom: ${testBed.museum.url} }\npublishers:\n  xposer-pipeline: { secret: publisher-secret, repository: stakater, charts: ["*"] }\n`,
  );
  const env = {
    PORT: "0",
    HOST: "127.0.0.1",
    APP_ID: String(testBed.github.app.id),
    PRIVATE_KEY: testBed.github.app.privateKey,
    WEBHOOK_SECRET,
    GHE_HOST: new URL(testBed.github.url).host,
    GHE_PROTOCOL: "http",
    SERVER_CONFIG: config,
    DATA_DIR: join(folder, "data"),
  };
  let first: Bot | undefined;
  try {
    first = await startBot(env);
    const refused = await startBot(env).catch((error: unknown) => String(error));
    expect(refused).toContain("is in use by another chart-promoter process");
    const answer = await fetch(`${first.url}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: PUBLISHER },
      body: JSON.stringify({ chart: "xposer", version: "1.0.0" }),
    });
    expect(answer.status).toBe(202);
  } finally {
    const began = Date.now();
    await first?.stop();
    await rm(folder, { recursive: true, force: true });
    expect(Date.now() - began).toBeLessThan(STOPS_WITHIN_MS);
  }
});
