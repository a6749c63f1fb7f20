// A person with write access who edits somebody else's comment into a command: it is the word of who wrote the text that
// stands there, and where GitHub does not tell who that was, it is nobody's.

import { beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { away, checkOn, live, published, reactionsTo, testBed, until } from "../../stories/setting.ts";

const BRANCH = "promote/dev/xposer";

beforeEach(async () => {
  await live({});
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: { "scripts/deploy.sh": "true\n" } });
  await testBed.waitUntilIdle();
});

function check() {
  const { verdict: says, summary } = checkOn(1);
  return `${says}\n${summary}`;
}

async function comment(login: string, body: string): Promise<number> {
  const id = testBed.github.as(login).comment(CONFIG_REPOSITORY, 1, body);
  await testBed.waitUntilIdle();
  return id;
}

async function edited(id: number, login: string, body: string): Promise<readonly string[]> {
  testBed.github.as(login).editComment(CONFIG_REPOSITORY, id, body);
  await testBed.waitUntilIdle();
  return reactionsTo(id);
}

function labels(): readonly string[] {
  const repository = testBed.repository();
  return repository.mustPull(1).labels.map((id) => repository.labels.get(id)?.name ?? "");
}

test("a colleague's comment edited into /allow is the editor's word, and not the colleague's", async () => {
  const id = await comment("carol", "Looks odd to me.");
  expect(() => testBed.github.as("eve").editComment(CONFIG_REPOSITORY, id, "/allow")).toThrow(/push access/);
  expect(await edited(id, "alice", "/allow")).toEqual(["+1"]);
  expect(check()).toMatch(/^success: .*Allowed by alice for this commit/s);
  expect(check()).not.toContain("carol");
});

test("a comment whose editor may not write gives no command, whoever is its author", async () => {
  const id = await comment("alice", "Looks odd to me.");
  testBed.repository().permissions.set("carol", "write");
  testBed.github.as("carol").editComment(CONFIG_REPOSITORY, id, "/allow");
  testBed.repository().permissions.set("carol", "read");
  await testBed.waitUntilIdle();
  expect(reactionsTo(id)).toEqual(["-1"]);
  expect(check()).toMatch(/^failure: /);
});

test("a comment whose editor GitHub does not name any more gives no command", async () => {
  const id = await comment("alice", "Looks odd to me.");
  testBed.repository().permissions.set("carol", "write");
  testBed.github.as("carol").editComment(CONFIG_REPOSITORY, id, "/allow");
  testBed.github.as("carol").deleteAccount();
  await testBed.waitUntilIdle();
  expect(reactionsTo(id)).toEqual(["-1"]);
  expect(check()).toMatch(/^failure: /);
});

test("nor does one that was edited while the server was away, once it is found", async () => {
  const id = await comment("alice", "Looks odd to me.");
  testBed.repository().permissions.set("carol", "write");
  await away(() => {
    testBed.github.as("carol").editComment(CONFIG_REPOSITORY, id, "/allow");
    testBed.repository().permissions.set("carol", "read");
  });
  await until(() => reactionsTo(id).length > 0);
  expect(reactionsTo(id)).toEqual(["-1"]);
  expect(check()).toMatch(/^failure: /);
});

test("the editor's word is theirs also for a colleague who may not write, and later edits take nothing back", async () => {
  const id = await comment("bob", "Looks odd to me.");
  expect(await edited(id, "alice", "/hold")).toEqual(["+1"]);
  expect(labels()).toEqual(["promotion/hold"]);
  expect(await edited(id, "bob", "/unhold")).toEqual(["+1"]);
  expect(labels()).toEqual(["promotion/hold"]);
});
