// Who gives commands without being one who may: letters that look like a command's, a writer of another repository, promotions that
// are over, and pages of the dashboard as another site would use them.

import { beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { live, newestRun, published, reactionsTo, testBed } from "../../stories/setting.ts";

beforeEach(async () => {
  await live();
  await published("1.0.1");
});

async function commented(login: string, body: string): Promise<readonly string[]> {
  const id = testBed.github.as(login).comment(CONFIG_REPOSITORY, 1, body);
  await testBed.waitUntilIdle();
  return reactionsTo(id);
}

function untouched(): void {
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  expect(testBed.repository().mustPull(1).labels).toEqual([]);
  expect(newestRun(1)?.conclusion).toBe("success");
}

test.each([
  ["a Cyrillic letter", "/h\u043eld"],
  ["a full-width slash", "\uff0fhold"],
  ["a fraction slash", "\u2044hold"],
  ["a blank of no width", "/\u200bhold"],
  ["a blank of no width before it", "\u200b/hold"],
  ["text that is turned round", "\u202edloh/"],
  ["capitals", "/HOLD"],
  ["an entity", "&#47;hold"],
  ["an escape", "\\/hold"],
  ["a link", "[/hold](https://example.com)"],
  ["a quote", "> /hold"],
  ["a block of code", "```\n/hold\n```"],
  ["indented code", "    /hold"],
  ["a comment of HTML", "<!--\n/hold\n-->"],
  ["details of HTML", "<details>\n/hold\n</details>"],
])("what only looks like a command is none: %s", async (_what, body) => {
  expect(await commented("alice", body)).toEqual([]);
  untouched();
});

test("who may write elsewhere may not here", async () => {
  testBed.github.createRepository({
    ...{ name: "mallory/config", files: configRepository() },
    people: { mallory: "admin" },
  });
  testBed.github.install({ account: "mallory", repositories: "all" });
  for (const command of ["/hold", "/reject", "/rebase", "/allow", "/promote xposer 1.0.1"])
    expect(await commented("mallory", command)).toEqual(["-1"]);
  untouched();
});

test("on a promotion that is over, commands change nothing but what they are for", async () => {
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const deployments = testBed.repository().deployments.size;
  for (const command of ["/reject", "/rebase", "/allow"])
    expect(await commented("alice", command)).toEqual(["confused"]);
  expect(testBed.pulls()).toEqual(["#1 merged Promote xposer to 1.0.1 in dev"]);
  expect(testBed.repository().deployments.size).toBe(deployments);
});
