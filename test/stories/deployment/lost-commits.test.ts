// What was merged and waits to be deployed, and is forced off the branch meanwhile: nobody is called for it, and what is merged later goes out.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { away, pass, published, testBed, until } from "../setting.ts";
import { hookTestBed, report } from "./hook-test-bed.ts";

const HOUR_MS = 3_600_000;
const CONFIG = "environments:\n  dev: { path: dev, deploy: [hook] }\n";

function forceBack(to: string): void {
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "main", to, force: true });
}

/** Of the newest open one. */
function mergeNewest(): string {
  const open = testBed
    .repository()
    .pulls()
    .findLast(({ state }) => state === "open");
  return testBed.alice.merge(CONFIG_REPOSITORY, open?.number ?? 0);
}

/** What GitHub shows of a commit's deployment last. */
function shown(sha: string): string {
  const { statuses = [] } =
    [...testBed.repository().deployments.values()].find(({ oid }) => oid === sha) ?? {};
  return `${statuses.at(-1)?.state}: ${statuses.at(-1)?.description}`;
}

test.each([
  ["while it looks", async (to: string) => forceBack(to)],
  ["while the server is away", (to: string) => away(() => forceBack(to))],
])("%s: what is queued behind another is not called, and the next merge is", async (_when, happens) => {
  const calls = await hookTestBed(CONFIG);
  await published("1.0.1");
  const first = mergeNewest();
  await until(() => calls.length === 1);
  await published("1.0.2");
  const lost = mergeNewest();
  await until(() => shown(lost).startsWith("queued"));
  await happens(first);
  await testBed.waitUntilIdle();
  await report(calls[0]?.deploymentId, { state: "success" });
  await until(() => shown(lost).startsWith("inactive"));
  expect(shown(lost)).toBe("inactive: Not on branch main now, and so not deployed");
  expect(calls).toHaveLength(1);
  await until(() => testBed.repository().pulls().at(-1)?.state === "open");
  const next = mergeNewest();
  await until(() => calls.length === 2);
  expect(calls[1]?.revision).toBe(next);
  expect(await report(calls[1]?.deploymentId, { state: "success" })).toBe(204);
  expect(shown(next)).toMatch(/^success: /);
});

test("what was to go out with a lost one goes out by itself", async () => {
  const calls = await hookTestBed(CONFIG);
  await published("1.0.1");
  mergeNewest();
  await until(() => calls.length === 1);
  const id = await published("1.0.2");
  const kept = mergeNewest();
  await until(() => shown(kept).startsWith("queued"));
  await published("1.0.3");
  const lost = mergeNewest();
  await until(() => shown(kept).startsWith("inactive: Contained in"));
  forceBack(kept);
  await testBed.waitUntilIdle();
  await report(calls[0]?.deploymentId, { state: "success" });
  await until(() => calls.length === 2);
  expect(calls[1]?.revision).toBe(kept);
  await report(calls[1]?.deploymentId, { state: "success" });
  await until(() => shown(kept).startsWith("success"));
  expect(shown(lost)).toMatch(/^inactive: Not on branch main now/);
  expect((await testBed.publishState(id)).promotions).toMatchObject([{ state: "deployed" }]);
});

test.each([
  ["while it looks", async (to: string) => forceBack(to)],
  ["while the server is away", (to: string) => away(() => forceBack(to))],
])("%s: what a freeze holds ends at once, with the reason", async (_when, happens) => {
  const until24h = new Date(Date.now() + 24 * HOUR_MS).toISOString();
  const frozen = `${CONFIG.trimEnd().slice(0, -2)}, freeze: [{ from: 2020-01-01T00:00:00Z, to: ${until24h}, reason: holidays }] }\n`;
  const calls = await hookTestBed(frozen);
  await pass(60_000);
  const first = testBed.repository().branch("main") ?? "";
  await published("1.0.1");
  const lost = mergeNewest();
  await until(() => shown(lost).startsWith("pending: Held"));
  await happens(first);
  await until(() => shown(lost).startsWith("inactive"));
  expect(shown(lost)).toBe("inactive: Not on branch main now, and so not deployed");
  expect(calls).toEqual([]);
});

test("the database is lost while one is deployed and another waits: the report on the first is answered with what became of it", async () => {
  const calls = await hookTestBed(CONFIG);
  await published("1.0.1");
  mergeNewest();
  await until(() => calls.length === 1);
  await published("1.0.2");
  const second = mergeNewest();
  await until(() => shown(second).startsWith("queued"));
  await testBed.restartWithoutDatabase();
  await until(() => calls.length === 2);
  const answer = await fetch(`${testBed.url()}/deployments/${calls[0]?.deploymentId}/status`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Basic ${btoa("hook:hook-secret")}` },
    body: JSON.stringify({ state: "success" }),
  });
  expect({ status: answer.status, ...Object(await answer.json()) }).toMatchObject({
    status: 409,
    detail: expect.stringMatching(
      /^A later deployment took the place of deployment \d+, which hook is not known/,
    ),
  });
  expect(await report(calls[1]?.deploymentId, { state: "success" })).toBe(204);
  expect(shown(second)).toMatch(/^success: /);
});
