// An environment leaves the config, or gets another name, while a merge waits to be deployed to it: behind another one, or
// since nobody was there to deploy it. It goes out under the new name, or people read that it does not.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import type { DeploymentCall } from "../../support/hook.ts";
import { published, testBed, until } from "../setting.ts";
import { comments, hookTestBed, report, statuses, withConfig } from "./hook-test-bed.ts";

const HOOKED = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";
const RENAMED = HOOKED.replace("dev:", "next:");
const REMOVED = HOOKED.replaceAll("dev", "lab");
const NOT_DEPLOYED =
  /^<!--.*-->\nThis merge was not deployed to `dev`: when its turn came, at \d{4}-.* UTC, /;

/** #1 is being deployed to `dev`, and #2 waits until that has ended; returns the calls and the id of the second publish. */
async function oneBehindAnother(): Promise<readonly [DeploymentCall[], string]> {
  const calls = await hookTestBed(HOOKED);
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length > 0);
  await report(calls[0]?.deploymentId, { state: "in_progress" });
  const second = await published("1.0.2");
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  return [calls, second];
}

async function reconfigure(config: string): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await testBed.waitUntilIdle();
}

/** `dev merged: …`: what GET says of each environment. */
async function recordsOf(publish: string): Promise<readonly string[]> {
  const { promotions } = await testBed.publishState(publish);
  return promotions.map(({ environment, state, because }) => `${environment} ${state}: ${because}`);
}

test("what waits behind another one goes out under the new name once that has ended, and never beside it", async () => {
  const [calls, second] = await oneBehindAnother();
  await reconfigure(RENAMED);
  expect(calls).toHaveLength(1);
  expect(statuses()).toEqual(["dev queued in_progress", "dev queued"]);
  await report(calls[0]?.deploymentId, { state: "success" });
  await until(() => calls.length > 1);
  await report(calls[1]?.deploymentId, { state: "success" });
  expect(statuses()).toEqual([
    "dev queued in_progress success",
    "dev queued inactive",
    expect.stringMatching(/^next .*success$/),
  ]);
  expect(comments()).toEqual([]);
  expect(await recordsOf(second)).toEqual([
    "dev merged: #2 was merged. Environment dev is not in the config any more, and so not deployed",
    expect.stringMatching(/^next deployed/),
  ]);
});

test("where the environment is gone, its pull request says once that it is not deployed", async () => {
  const [calls, second] = await oneBehindAnother();
  await reconfigure(REMOVED);
  await report(calls[0]?.deploymentId, { state: "success" });
  await testBed.restart();
  await testBed.waitUntilIdle();
  expect(calls).toHaveLength(1);
  expect(statuses()).toEqual(["dev queued in_progress success", "dev queued inactive"]);
  expect(comments()).toEqual([expect.stringMatching(NOT_DEPLOYED)]);
  expect((await recordsOf(second)).join()).toMatch(/^dev merged: #2 was merged\. .* not deployed$/);
});

test("where the environment comes back while the other one runs, it is deployed as if nothing had been", async () => {
  const [calls] = await oneBehindAnother();
  await reconfigure(REMOVED);
  await reconfigure(HOOKED);
  await report(calls[0]?.deploymentId, { state: "failure" });
  await until(() => calls.length > 1);
  await report(calls[1]?.deploymentId, { state: "success" });
  expect(statuses()).toEqual(["dev queued in_progress failure", expect.stringMatching(/^dev .*success$/)]);
});

test("with the database lost after that, it goes out under the new name, and nothing is said of an unknown end", async () => {
  const [calls] = await oneBehindAnother();
  await reconfigure(RENAMED);
  await testBed.restartWithoutDatabase();
  await until(() => calls.length > 1);
  expect(statuses()).toEqual([
    "dev queued in_progress error",
    "dev queued inactive",
    expect.stringMatching(/^next /),
  ]);
  expect(comments().filter((body) => !body.includes("deployment-failed"))).toEqual([]);
});

test("merged while the server is down, after its environment left the config: its pull request says so once", async () => {
  const calls = await hookTestBed(HOOKED);
  await published("1.0.1");
  await testBed.stopServer();
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { ".github/chart-promoter.yml": REMOVED },
  });
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.startServer();
  await testBed.waitUntilIdle();
  await testBed.restart();
  await testBed.waitUntilIdle();
  expect([calls, statuses()]).toEqual([[], []]);
  expect(comments()).toEqual([expect.stringMatching(NOT_DEPLOYED)]);
});

test("opened again and merged on a branch that no environment is on any more: its pull request says so", async () => {
  const onLab = `${REMOVED}  dev:\n    path: dev\n    branch: dev\n    deploy: [hook]\n`;
  await hookTestBed("", withConfig(onLab));
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "dev", files: withConfig(onLab) });
  await testBed.waitUntilIdle();
  await published("1.0.1");
  const [number] = testBed.pulls().flatMap((line) => /^#(\d+) open Promote .* in dev$/.exec(line)?.[1] ?? []);
  await reconfigure(REMOVED);
  testBed.alice.reopen(CONFIG_REPOSITORY, Number(number));
  testBed.alice.merge(CONFIG_REPOSITORY, Number(number));
  await testBed.waitUntilIdle();
  expect(statuses()).toEqual([]);
  expect(comments().at(-1)).toMatch(NOT_DEPLOYED);
});

test("what was deployed before its environment left is not said to be otherwise, whatever webhook comes after that", async () => {
  const calls = await hookTestBed(HOOKED);
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length > 0);
  await report(calls[0]?.deploymentId, { state: "success" });
  await reconfigure(REMOVED);
  await testBed.restartWithoutDatabase();
  for (const { id } of [...testBed.github.webhooks.deliveries]) testBed.github.webhooks.redeliver(id);
  await testBed.waitUntilIdle();
  expect([comments(), statuses()]).toEqual([[], [expect.stringMatching(/^dev .*success$/)]]);
});
