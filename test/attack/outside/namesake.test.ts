// A stranger with a fork of a public config repository, whose branches are called like promotions.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../../stories/setting.ts";

const BRANCH = "promote/dev/xposer";

/** More pull requests from there than are read of a branch; the last stays open. */
function opened(commits = 1, message = "Mine"): void {
  testBed.github.owner("mallory").fork(CONFIG_REPOSITORY);
  const mallory = testBed.github.as("mallory");
  for (let n = 0; n < commits; n++)
    mallory.push("mallory/config", { branch: BRANCH, files: { "notes.md": `${n}\n` }, message });
  for (let n = 0; n < 12; n++) {
    const opening = { head: `mallory:${BRANCH}`, base: "main", title: "Promote xposer to 9.9.9 in dev" };
    const number = mallory.openPullRequest(CONFIG_REPOSITORY, opening);
    if (n < 11) mallory.close(CONFIG_REPOSITORY, number);
  }
}

function promotions(): readonly string[] {
  return testBed.pulls().filter((one) => !one.includes("9.9.9"));
}

test("as many pull requests of theirs as there may be hide none of the App's", async () => {
  await live();
  await published("1.0.1");
  opened();
  await testBed.waitUntilIdle();
  await published("1.0.2");
  expect(promotions()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
});

test("a version that was declined stays so, whatever of theirs came after it", async () => {
  await live();
  await published("1.0.1");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  opened();
  await testBed.waitUntilIdle();
  await testBed.restartWithoutDatabase();
  await published("1.0.1");
  expect(promotions()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
  await published("1.0.2");
  expect(promotions().at(-1)).toMatch(/open Promote xposer to 1\.0\.2 in dev$/);
});

test("as much as they may write there keeps nobody from looking at the repository", async () => {
  await live();
  await published("1.0.1");
  opened(20, "\u0001".repeat(60_000));
  await testBed.waitUntilIdle();
  await published("1.0.2");
  expect(promotions()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
}, 60_000);

test("where they are all that is listed, the promotion is opened beside them", async () => {
  await live();
  opened();
  await testBed.waitUntilIdle();
  await published("1.0.1");
  expect(promotions()).toEqual(["#13 open Promote xposer to 1.0.1 in dev"]);
});
