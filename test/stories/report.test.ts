// What the command line tells of what happened: numbers and lines, from the running server and without one.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../src/sandbox/test-bed.ts";
import { live, published, testBed, until } from "./setting.ts";

const CLI = fileURLToPath(new URL("../../src/cli/chart-promoter.ts", import.meta.url));

function cli(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, DATA_DIR: testBed.settings.dataFolder };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env }, (_error, out, err) => resolve(out + err));
  });
}

async function mergedTestBed(): Promise<void> {
  await live();
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
}

test("a report has lead times of each chart and environment, as text, JSON and CSV", async () => {
  await mergedTestBed();
  expect(await cli("report")).toMatch(
    /^xposer in dev of acme\/config: 1 deployed \(0\.\d+ a week\), 0 failed; publish to deployment \d+ s \(median of 1; 90 % within \d+ s\)\n$/,
  );
  const { rows } = JSON.parse(await cli("report", "--since", "1h", "--json"));
  expect(rows).toMatchObject([
    { repository: "acme/config", environment: "dev", chart: "xposer", deployed: 1, failed: 0 },
  ]);
  const lines = (await cli("report", "--csv")).split("\r\n");
  expect(lines[0]).toMatch(
    /^repository,environment,chart,deployed,failed,deployedPerWeek,failureRate,publishToPullRequestMedian,/,
  );
  expect(lines[1]).toMatch(/^acme\/config,dev,xposer,1,0,/);
}, 60_000);

test("an audit knows who merged, also of merges that no webhook told of, and after the database was lost", async () => {
  await live();
  const merged = async () => (await cli("audit")).split("\n").filter((line) => line.includes(" was merged "));
  await published("1.0.1");
  testBed.github.webhooks.sendTo(undefined);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.github.webhooks.idle();
  await testBed.restart();
  await until(async () => (await merged()).length === 1);
  const byAlice = [expect.stringMatching(/Z alice: #1 was merged for dev of acme\/config/)];
  expect(await merged()).toEqual(byAlice);
  await testBed.restartWithoutDatabase();
  await until(async () => (await merged()).length === 1);
  expect(await merged()).toEqual(byAlice);
}, 60_000);

test("an audit says who did what, with the ids on GitHub, also when the server is down", async () => {
  await mergedTestBed();
  const says = async () => (await cli("audit")).trim().split("\n");
  const lines = [
    /^\S+Z publisher xposer-pipeline: xposer 1\.0\.1: published\.$/,
    /^\S+Z publisher xposer-pipeline: xposer 1\.0\.1: verified\.$/,
    /^\S+Z chart-promoter: xposer 1\.0\.1 is proposed for dev of acme\/config\. \(#1\)$/,
    /^\S+Z alice: #1 was merged for dev of acme\/config: xposer 1\.0\.0 → 1\.0\.1\. \(#1, [0-9a-f]{7}\)$/,
  ].map((line) => expect.stringMatching(line));
  expect(await says()).toEqual(lines);
  await testBed.stopServer();
  expect(await says()).toEqual(lines);
  const events = JSON.parse(await cli("audit", "--json", "--since", "1h"));
  expect(events.map(({ kind }: { kind: string }) => kind)).toEqual([
    "published",
    "verified",
    "proposed",
    "merged",
  ]);
  expect(await cli("audit", "--since", "tomorrow")).toMatch(
    /Give a duration such as 30d, or an instant that is past\./,
  );
  await testBed.startServer();
}, 60_000);
