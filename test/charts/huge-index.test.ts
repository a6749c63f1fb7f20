// An index of 100,000 entries: how long it takes, how long the event loop waits, and how much memory it holds.

import { afterEach, expect, test } from "@jest/globals";
import { listVersions } from "../../src/charts/list-versions.ts";
import { lookUp } from "../../src/charts/look-up.ts";
import { type StandIn, startStandIn } from "../../src/sandbox/museum/stand-in.ts";
import { chartRepository } from "./repository.ts";

const ENTRY = `  - annotations:
      category: Infrastructure
    apiVersion: v2
    appVersion: "7.4"
    created: "2026-01-02T03:04:05.123456789Z"
    dependencies:
    - name: common
      repository: https://charts.example.com/
      version: 1.x.x
    description: A chart that is described at some length, as charts of public repositories
      mostly are; a web server behind a proxy
    digest: 0f5c1d2e3b4a59687786a5b4c3d2e1f00f5c1d2e3b4a59687786a5b4c3d2e1f0
    home: https://example.com/home
    keywords:
    - web
    name: NAME
    urls:
    - charts/NAME-VERSION.tgz
    version: VERSION
`;

let server: StandIn | undefined;
afterEach(() => server?.close());

async function startHuge() {
  const charts = Array.from({ length: 1000 }, (_, chart) => {
    const list = Array.from({ length: 100 }, (_, minor) => ENTRY.replaceAll("VERSION", `1.${minor}.0`));
    return `  chart-${chart}:\n${list.join("").replaceAll("NAME", `chart-${chart}`)}`;
  });
  const body = Buffer.from(`apiVersion: v1\nentries:\n${charts.join("")}generated: "2026-01-02T03:04:05Z"\n`);
  const started = await startStandIn(() => ({ status: 200, body }));
  server = started;
  return { repository: chartRepository(started.url, { kind: "index" }), size: body.length };
}

const CASES = [
  ["searched for one version", (repository) => lookUp(repository, "chart-999", "1.99.0"), "found"],
  ["listed for a poll", (repository) => listVersions(repository), "changed"],
] as const satisfies readonly (readonly [
  string,
  (repository: ReturnType<typeof chartRepository>) => Promise<{ readonly kind: string }>,
  string,
])[];

test.each(CASES)("a huge index is %s", async (...[, ask, kind]) => {
  const { repository, size } = await startHuge();
  const watch = watchLoop();
  const answer = await ask(repository);
  const { ms, longestWaitMs, heldBytes } = watch.stop();
  expect(answer.kind).toBe(kind);
  expect(size).toBeGreaterThan(57e6);
  expect(longestWaitMs).toBeLessThan(ms / 2);
  expect(heldBytes).toBeLessThan(3.5 * size);
});

/** Looks every few milliseconds how late it is and how much memory the process has come to hold. */
function watchLoop() {
  const started = performance.now();
  const before = process.memoryUsage.rss();
  let [last, longestWaitMs, peak] = [started, 0, before];
  const timer = setInterval(() => {
    const now = performance.now();
    longestWaitMs = Math.max(longestWaitMs, now - last - 5);
    peak = Math.max(peak, process.memoryUsage.rss());
    last = now;
  }, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return { ms: performance.now() - started, longestWaitMs, heldBytes: peak - before };
    },
  };
}
