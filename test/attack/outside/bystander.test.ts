// Commands elsewhere than in a person's comment in the conversation of a promotion: in reviews, by bots and those who are
// called like people, under pull requests from forks and issues that are not the App's, and by people who lost their right.

import { beforeEach, expect, test } from "@jest/globals";
import { addComment, editComment } from "../../../src/sandbox/github/world/comments.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { away, live, newestRun, published, reactionsTo, testBed, until } from "../../stories/setting.ts";

beforeEach(async () => {
  await live();
  await published("1.0.1");
});

const COMMANDS = ["/hold", "/reject", "/rebase", "/allow", "/promote xposer 1.0.1", "/rollback", "/redeploy"];

function answers(): readonly string[] {
  return [...testBed.repository().comments.values()]
    .filter(({ body }) => body.includes("answer "))
    .map(({ body }) => body);
}

function untouched(): void {
  expect(testBed.pulls()[0]).toBe("#1 open Promote xposer to 1.0.1 in dev");
  expect(testBed.repository().mustPull(1).labels).toEqual([]);
  expect(newestRun(1)?.conclusion).toBe("success");
}

function bot(login: string) {
  return testBed.github.world.account(login, "Bot");
}

test("what stands in a review is a review, given, approving or dismissed", async () => {
  for (const body of COMMANDS) {
    testBed.alice.review(CONFIG_REPOSITORY, 1, { state: "COMMENTED", body });
    const id = testBed.alice.review(CONFIG_REPOSITORY, 1, { state: "APPROVED", body });
    testBed.alice.dismissReview(CONFIG_REPOSITORY, id);
  }
  await testBed.waitUntilIdle();
  expect(answers()).toEqual([]);
  untouched();
});

test.each(["alice[bot]", "chart-promoter-[bot]", "renovate[bot]"])(
  "a comment by %s is none of the person whose name it has",
  async (login) => {
    const { world } = testBed.github;
    for (const body of COMMANDS)
      addComment(world, testBed.repository(), { number: 1, actor: bot(login), body });
    await testBed.waitUntilIdle();
    expect(testBed.repository().reactions.size).toBe(0);
    untouched();
  },
);

test("a person's comment that a bot called like a person edits into a command is nobody's", async () => {
  const id = testBed.github.as("eve").comment(CONFIG_REPOSITORY, 1, "Looks good to me.");
  await testBed.waitUntilIdle();
  editComment(testBed.github.world, testBed.repository(), { id, actor: bot("alice[bot]"), body: "/reject" });
  await testBed.waitUntilIdle();
  expect(reactionsTo(id)).toEqual([]);
  await testBed.restart();
  expect(reactionsTo(id)).toEqual([]);
  untouched();
});

test("a bot's comment that a person edits into a command is the person's, also where no webhook tells of it", async () => {
  const { world } = testBed.github;
  const written = () =>
    addComment(world, testBed.repository(), { number: 1, actor: bot("renovate[bot]"), body: "Hello." }).id;
  const [first, second] = [written(), written()];
  testBed.alice.editComment(CONFIG_REPOSITORY, first, "/hold");
  await testBed.waitUntilIdle();
  expect(reactionsTo(first)).toEqual(["+1"]);
  await away(() => testBed.alice.editComment(CONFIG_REPOSITORY, second, "/unhold"));
  await until(() => reactionsTo(second).length > 0);
  expect(reactionsTo(second)).toEqual(["+1"]);
  untouched();
});

test("who lost the right before the comment was read has not got it", async () => {
  testBed.repository().permissions.set("carol", "write");
  let id = 0;
  await away(() => {
    id = testBed.github.as("carol").comment(CONFIG_REPOSITORY, 1, "/reject");
    testBed.repository().permissions.set("carol", "read");
  });
  await until(() => reactionsTo(id).length > 0);
  expect(reactionsTo(id)).toEqual(["-1"]);
  untouched();
});

test("whoever opens a pull request from a fork commands nothing there, and who may write does", async () => {
  testBed.github.owner("eve").fork(CONFIG_REPOSITORY);
  const eve = testBed.github.as("eve");
  eve.push("eve/config", { branch: "mine", files: { "dev/values.yaml": "xposer: { a: 1 }\n" } });
  const number = eve.openPullRequest(CONFIG_REPOSITORY, { head: "eve:mine", title: "Mine" });
  await testBed.waitUntilIdle();
  for (const body of COMMANDS) {
    const id = eve.comment(CONFIG_REPOSITORY, number, body);
    await testBed.waitUntilIdle();
    expect([body, ...reactionsTo(id)]).toEqual([body, "-1"]);
  }
  for (const body of ["/allow", "/rebase", "/rollback", "/redeploy", "/reject"]) {
    const id = testBed.alice.comment(CONFIG_REPOSITORY, number, body);
    await testBed.waitUntilIdle();
    expect([body, ...reactionsTo(id)]).toEqual([body, "confused"]);
  }
  expect(testBed.repository().mustPull(number).state).toBe("open");
  untouched();
});

test("nor does anybody under an issue that is not the App's, or that is called like one of its own", async () => {
  const number = testBed.github.as("eve").openIssue(CONFIG_REPOSITORY, { title: "Drift in dev" });
  for (const login of ["eve", "alice"])
    for (const body of [...COMMANDS, "/heal", "/keep 4h"]) {
      const id = testBed.github.as(login).comment(CONFIG_REPOSITORY, number, body);
      await testBed.waitUntilIdle();
      expect(reactionsTo(id)).toEqual([]);
    }
  untouched();
});
