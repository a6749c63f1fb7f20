// The dashboard in the operator's browser: what its pages say of what happened, and what they never do.

import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../src/sandbox/test-bed.ts";
import { startHook } from "../support/hook.ts";
import { closeAfterwards, live, published, testBed, until } from "./setting.ts";

const PROD = {
  "prod/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "prod/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
};
const HOUR_MS = 3_600_000;

function config(): string {
  const [from, to] = [-HOUR_MS, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  return `environments:
  dev: { path: dev, deploy: [hook] }
  prod: { path: prod, freeze: [{ from: ${from}, to: ${to}, reason: "the <b>fair</b>" }] }
`;
}

/** Text of a page as a reader without JavaScript or styles has it, each table row in a line. */
async function page(path: string): Promise<string> {
  await sleep(1_100);
  const answer = await fetch(`${testBed.url()}${path}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'self'/);
  const body = await answer.text();
  expect(body).not.toMatch(/<script>|<style>| style=| on\w+=/);
  return body
    .replace(/\n/g, " ")
    .replace(/<\/(tr|p|li|h\d)>/g, "\n")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replace(/[ \t]+/g, " ");
}

async function seenTestBed() {
  const hook = await startHook();
  closeAfterwards(() => hook.close());
  await live({
    dashboard: "public",
    files: { ...configRepository(), ...PROD, ".github/chart-promoter.yml": config() },
    deployers: [
      { kind: "webhook", name: "hook", url: `${hook.url}/hook`, secret: "s", repositories: ["*/*"] },
    ],
  });
  return hook;
}

test("environments against charts: what is there, what is on its way, what is held, what was deployed", async () => {
  const hook = await seenTestBed();
  await testBed.waitUntilIdle();
  expect(await page("/")).toMatch(/ dev none 1\.0\.0 \n/);
  await published("1.0.1");
  const open = await page("/");
  expect(open).toMatch(/Environment Last deployment xposer published: 1\.0\.1 \n/);
  expect(open).toMatch(/ dev none 1\.0\.0 ↑ #1 to 1\.0\.1 , \d+ s \n/);
  expect(open).toMatch(
    / prod held until \d{4}-\d\d-\d\d \d\d:\d\d UTC: the <b>fair<\/b> none 1\.0\.0 ↑ #2 to 1\.0\.1 , \d+ s, check waits \n/,
  );
  expect(await page("/repositories/acme/config/charts/xposer")).toMatch(
    / prod 1\.0\.0 #2 to 1\.0\.1 , \d+ s old prod is frozen until .* none \n/,
  );
  testBed.alice.label(CONFIG_REPOSITORY, 1, "promotion/hold");
  await testBed.waitUntilIdle();
  expect(await page("/")).toMatch(/ dev none 1\.0\.0 ↑ #1 to 1\.0\.1 , \d+ s, held \n/);
  const number = testBed.pulls()[0]?.endsWith("in dev") ? 1 : 2;
  testBed.alice.merge(CONFIG_REPOSITORY, number);
  await until(() => hook.received.length === 1);
  expect(await page("/")).toMatch(/ dev waits #1 , \d+ s ago 1\.0\.1 \n/);
}, 60_000);

test("a chart's way and a publish's journey tell what happened, with times and links", async () => {
  const hook = await seenTestBed();
  const id = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => hook.received.length === 1);
  const journey = await page(`/journeys/${id}`);
  expect(journey).toMatch(/Announced by xposer-pipeline for the chart repository stakater; verified\./);
  const times = / \d{4}-\d\d-\d\d \d\d:\d\d UTC /;
  expect(
    journey
      .split("\n")
      .filter((line) => times.test(line))
      .map((line) => line.replace(times, "")),
  ).toEqual(
    [
      " What happened xposer 1.0.1: published.",
      "xposer 1.0.1: verified.",
      expect.stringMatching(/^xposer 1\.0\.1 is proposed for (dev|prod) of acme\/config\. #[12] /),
      expect.stringMatching(/^xposer 1\.0\.1 is proposed for (dev|prod) of acme\/config\. #[12] /),
      "#1 was merged for dev of acme/config: xposer 1.0.0 → 1.0.1. #1",
    ].map((one) =>
      typeof one === "string" ? expect.stringContaining(one.trim().replace("What happened ", "")) : one,
    ),
  );
  expect(journey).toMatch(/ dev of acme\/config deploying #1 deployment \d+ is under way \n/);
  const way = await page("/repositories/acme/config/charts/xposer");
  expect(way).toMatch(/Published last: 1\.0\.1\./);
  expect(way).toMatch(/#1 was merged for dev of acme\/config: xposer 1\.0\.0 → 1\.0\.1\. #1/);
}, 60_000);

test("the queue tells what waits and what is left of GitHub's limits", async () => {
  await seenTestBed();
  await testBed.waitUntilIdle();
  const queue = await page("/queue");
  expect(queue).toMatch(/ 0 worked on\s+0 due\s/);
  expect(queue).toMatch(/Nothing was given up\./);
  expect(queue).toMatch(/ graphql \d+\s/);
}, 60_000);

test("the front page is packed for who takes that, and the same for who does not", async () => {
  await seenTestBed();
  await testBed.waitUntilIdle();
  const read = async (encoding: string) => {
    const answer = await fetch(testBed.url(), { headers: { "accept-encoding": encoding } });
    return { encoding: answer.headers.get("content-encoding"), text: await answer.text() };
  };
  const [packed, plain] = [await read("gzip"), await read("identity")];
  expect([packed.encoding, plain.encoding]).toEqual(["gzip", null]);
  expect(packed.text).toBe(plain.text);
}, 60_000);

test("lead times are told and drawn, and measured for the operator's machines", async () => {
  await live({ dashboard: "public" });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const report = await page("/report");
  expect(report).toMatch(/Of the last 30 days, as far as they are remembered\./);
  expect(report).toMatch(/ xposer dev of acme\/config \d+ s, 90 % within \d+ s, of 1 0\.\d+ 0 of 1 – \n/);
  const metrics = await (await fetch(`${testBed.url()}/metrics`)).text();
  const labels = 'repository="acme/config",environment="dev"';
  for (const line of [
    `lead_time_seconds{${labels},quantile="0.5"}`,
    `recent_deployments{${labels},outcome="succeeded"} 1`,
  ])
    expect(metrics).toContain(`chart_promoter_${line}`);
  expect(metrics).toMatch(/^chart_promoter_queue_oldest_due_seconds \d/m);
}, 60_000);

test("an open page hears that something happened", async () => {
  await seenTestBed();
  await testBed.waitUntilIdle();
  const stop = new AbortController();
  const stream = await fetch(`${testBed.url()}/events`, { signal: stop.signal });
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  let received = "";
  const hearing = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream.body ?? []) received += decoder.decode(chunk);
  })().catch(() => undefined);
  await testBed.publish({ version: "1.0.1" });
  await until(() => received.includes("event: changed\ndata:\n\n"));
  stop.abort();
  await hearing;
}, 60_000);

test("what is not there is not found, and without the dashboard there is none", async () => {
  await seenTestBed();
  await testBed.waitUntilIdle();
  for (const path of [
    "/journeys/none",
    "/repositories/acme/config/charts/none",
    "/repositories/a/b/charts/c",
  ])
    expect((await fetch(`${testBed.url()}${path}`)).status).toBe(404);
  await testBed.stopServer();
  Object.assign(testBed.settings, { dashboard: "off" });
  await testBed.startServer();
  for (const path of ["/queue", "/events", "/assets/dashboard.css"])
    expect((await fetch(`${testBed.url()}${path}`)).status).toBe(404);
  expect(await (await fetch(testBed.url())).text()).toMatch(/^chart-promoter /);
}, 60_000);
