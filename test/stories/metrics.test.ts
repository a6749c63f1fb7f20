// What an operator reads at /metrics while a version makes its way: every change counted once, whatever is said again.

import { beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../src/sandbox/test-bed.ts";
import { startHook } from "../support/hook.ts";
import { closeAfterwards, live, published, testBed } from "./setting.ts";

/** A test bed with a deployer that takes every call. */
beforeEach(async () => {
  const deployer = await startHook();
  closeAfterwards(() => deployer.close());
  const config = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": config },
    deployers: [
      {
        kind: "webhook",
        name: "hook",
        url: `${deployer.url}/`,
        secret: "hook-secret",
        repositories: ["*/*"],
      },
    ],
  });
});

async function reportSuccess(): Promise<void> {
  const [deployment] = testBed.repository().deployments.keys();
  await fetch(`${testBed.url()}/deployments/${deployment}/status`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from("hook:hook-secret").toString("base64")}`,
    },
    body: JSON.stringify({ state: "success" }),
  });
  await testBed.waitUntilIdle();
}

/** The series of one metric, by their labels. */
async function read(metric: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${testBed.url()}/metrics`)).text();
  const series = text.matchAll(new RegExp(`^chart_promoter_${metric}\\{(.*)\\} (.*)$`, "gm"));
  return Object.fromEntries([...series].map(([, labels = "", value]) => [labels, Number(value)]));
}

const DEPLOYED = {
  publishes_total: { 'state="accepted"': 1, 'state="verified"': 1 },
  promotions_total: {
    ...{ 'state="proposed"': 1, 'state="merged"': 1 },
    ...{ 'state="deploying"': 1, 'state="deployed"': 1 },
  },
  deployments_total: { 'state="creating"': 1, 'state="queued"': 1, 'state="success"': 1 },
};

async function counted() {
  const [publishes_total, promotions_total, deployments_total] = await Promise.all([
    read("publishes_total"),
    read("promotions_total"),
    read("deployments_total"),
  ]);
  return { publishes_total, promotions_total, deployments_total };
}

async function deployed(): Promise<void> {
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await reportSuccess();
}

test("from the publish to the deployment, each state is counted once, also when all of it is told again", async () => {
  await deployed();
  expect(await counted()).toMatchObject(DEPLOYED);
  const before = await counted();
  for (const { id } of [...testBed.github.webhooks.deliveries]) testBed.github.webhooks.redeliver(id);
  await testBed.announce({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  await reportSuccess();
  const { publishes_total, ...rest } = before;
  expect(await counted()).toEqual({ publishes_total: { ...publishes_total, 'state="repeat"': 1 }, ...rest });
  await testBed.restart();
  expect(await counted()).toEqual({ publishes_total: {}, promotions_total: {}, deployments_total: {} });
});

test("a publish that is at odds with the chart repository is counted as rejected", async () => {
  await testBed.publish({ version: "1.0.1", digest: `sha256:${"0".repeat(64)}` });
  await testBed.waitUntilIdle();
  expect(await read("publishes_total")).toEqual({ 'state="accepted"': 1, 'state="rejected"': 1 });
});

test("every request that reached GitHub is counted, and what is left of the budget is what GitHub says", async () => {
  await deployed();
  const requests = await read("github_requests_total");
  const sum = Object.values(requests).reduce((all, one) => all + one, 0);
  expect(sum).toBe(testBed.github.requests.all.length);
  expect(requests['kind="query",outcome="200"']).toBeGreaterThan(0);
  expect(requests['kind="mutation",outcome="200"']).toBe(1);
  const [installation] = testBed.github.world.installations.keys();
  const left = await read("github_rate_limit_remaining");
  expect(Object.keys(left).toSorted()).toEqual([
    `installation="${installation}",resource="core"`,
    `installation="${installation}",resource="graphql"`,
  ]);
  for (const points of Object.values(left)) expect(points).toBeLessThan(1_000_000);
});

test("work that fails is timed as failed", async () => {
  testBed.github.fault({ match: ({ path }) => path.endsWith("/graphql") }, "502");
  await published("1.0.1");
  const runs = await read("work_duration_seconds_count");
  expect(runs['kind="chart",outcome="done"']).toBe(1);
  await expect(read("github_requests_total")).resolves.toMatchObject({ 'kind="query",outcome="502"': 1 });
  expect(runs['kind="repository",outcome="failed"']).toBe(1);
  expect((await read("work_duration_seconds_sum"))['kind="repository",outcome="failed"']).toBeGreaterThan(0);
});
