// A publisher that announces without end: what its quota allows is taken, the rest is told when to come again, and what
// waits for charts that nobody uploaded costs nobody else anything.

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { basic, MALLORY, startTarget, type Target } from "./target.ts";

let target: Target;
afterEach(() => target.stop());

const PUBLISHER = { secret: MALLORY.secret, repository: "museum", charts: ["mallory", "mallory-*"] };

function withQuota(quota: { readonly perMinute: number; readonly burst: number }) {
  const alice = { secret: "alice-secret", repository: "museum", charts: ["alice", "alice-*"] };
  return startTarget({ settings: { publishers: { alice, mallory: { ...PUBLISHER, quota } } } });
}

function announce(path: string, body: object): Promise<Response> {
  return fetch(`${target.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...basic(MALLORY) },
    body: JSON.stringify(body),
  });
}

test("a flood is answered with 429 and when to come again, and another publisher with 202", async () => {
  target = await withQuota({ perMinute: 1, burst: 20 });
  const answers: Response[] = [];
  for (let n = 0; n < 30; n += 1)
    answers.push(await announce("/publish", { chart: "mallory", version: `2.0.${n}` }));
  const taken = answers.filter(({ status }) => status === 202);
  expect(taken.length).toBeGreaterThanOrEqual(20);
  expect(taken.length).toBeLessThan(25);
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused?.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  expect(await refused?.json()).toMatchObject({ code: "too-many" });
  const artifact = {
    type: "PUSH_ARTIFACT",
    event_data: { resources: [{ tag: "3.0.0" }], repository: { repo_full_name: "charts/mallory" } },
  };
  expect((await announce("/publish/harbor/mallory", artifact)).status).toBe(429);
  await target.alicesTurn();
}, 240_000);

test("3,000 announcements of missing charts are looked for twenty times a second, and another publisher's turn comes", async () => {
  target = await withQuota({ perMinute: 6_000, burst: 5_000 });
  for (let n = 0; n < 3_000; n += 50) {
    const some = Array.from({ length: 50 }, (_, m) => ({ chart: `mallory-${n + m}`, version: "1.0.0" }));
    await Promise.all(some.map((one) => announce("/publish", one)));
  }
  const lookUps = () => target.museum.requests.filter(({ path }) => path.includes("mallory-")).length;
  while (lookUps() < 3_000) await sleep(200);
  await sleep(2_000);
  const before = lookUps();
  const begun = performance.now();
  await target.alicesTurn();
  await sleep(3_000);
  const seconds = (performance.now() - begun) / 1_000;
  expect((lookUps() - before) / seconds).toBeLessThan(100);
}, 240_000);
