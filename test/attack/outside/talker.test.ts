// Somebody who may comment, and says so much under a promotion that the App closed that this is no more among the newest.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { checkOn, live, published, testBed } from "../../stories/setting.ts";

const CONFIG = ".github/chart-promoter.yml";
const NONE = "environments:\n  dev:\n    path: dev\n    charts: [none]\n";
const ALL = "environments:\n  dev:\n    path: dev\n";

async function configured(config: string): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: config } });
  await testBed.waitUntilIdle();
}

async function talked(comments = 130): Promise<void> {
  const bob = testBed.github.as("bob");
  for (let n = 0; n < comments; n++) bob.comment(CONFIG_REPOSITORY, 1, `words ${n}`);
  await testBed.waitUntilIdle();
}

test("what was withdrawn does not pass for declined", async () => {
  await live();
  await published("1.0.1");
  await configured(NONE);
  await talked();
  await configured(ALL);
  expect(testBed.pulls()).toEqual([
    "#1 closed Promote xposer to 1.0.1 in dev",
    "#2 open Promote xposer to 1.0.1 in dev",
  ]);
});

test("what was held when it was withdrawn is held when it comes again", async () => {
  await live();
  await published("1.0.1");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/hold");
  await testBed.waitUntilIdle();
  await configured(NONE);
  await talked();
  await configured(ALL);
  expect(checkOn(2).verdict).toMatch(/^in_progress: Held by the label promotion\/hold/);
});

test("what was rejected stays rejected", async () => {
  await live();
  await published("1.0.1");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/reject");
  await testBed.waitUntilIdle();
  await talked();
  await testBed.restartWithoutDatabase();
  await published("1.0.1");
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
});

test("as much as may be said under ten promotions keeps nobody from looking at the repository", async () => {
  await live();
  const bob = testBed.github.as("bob");
  for (let n = 1; n <= 10; n++) {
    await published(`1.0.${n}`);
    testBed.alice.close(CONFIG_REPOSITORY, n);
    await testBed.waitUntilIdle();
    for (let comments = 0; comments < 25; comments++)
      bob.comment(CONFIG_REPOSITORY, n, `${comments} ${"\u0001".repeat(60_000)}`);
  }
  await testBed.waitUntilIdle();
  await published("1.0.11");
  expect(testBed.pulls().at(-1)).toBe("#11 open Promote xposer to 1.0.11 in dev");
  await testBed.restart();
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 11, "/hold");
  await testBed.waitUntilIdle();
  expect(checkOn(11).verdict).toMatch(/^in_progress: Held by the label/);
}, 120_000);
