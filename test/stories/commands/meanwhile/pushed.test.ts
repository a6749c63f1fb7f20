// The commands /rebase, /allow and /reject answer for what stood on the branch when they were written: what comes afterwards is
// neither lost, nor allowed, nor declined.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Call } from "../../../../src/sandbox/github/http/call.ts";
import { CONFIG_REPOSITORY } from "../../../../src/sandbox/test-bed.ts";
import { live, pass, published, testBed } from "../../setting.ts";

const BRANCH = "promote/dev/xposer";

beforeEach(async () => {
  await live();
  await published("1.0.1");
});

function push(text: string): string {
  return testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: { "dev/xposer.yaml": text } });
}

function comment(body = "/rebase"): number {
  return testBed.alice.comment(CONFIG_REPOSITORY, 1, body);
}

/** A comment that is heard of only with what happens after it was written. */
async function commentBefore(happens: () => unknown, body = "/rebase"): Promise<number> {
  testBed.github.webhooks.pause();
  const id = comment(body);
  testBed.pass(2_000);
  await happens();
  testBed.github.webhooks.resume();
  await testBed.waitUntilIdle();
  return id;
}

function answer(comment: number) {
  const repository = testBed.repository();
  const reactions = [...repository.reactions.values()].filter(({ subject }) => subject.key === comment);
  const bodies = [...repository.comments.values()].map(({ body }) => body);
  return {
    reactions: reactions.map(({ content }) => content),
    says: bodies.filter((body) => body.includes(`answer ${comment} `)).join(),
  };
}

const isPush = ({ event }: { readonly event: string }) => event === "push" || event === "pull_request";

describe("a commit that was pushed after the comment was written, and before it was heard of", () => {
  test.each(["lost", "late", "in time"] as const)("stays, also where its webhook is %s", async (how) => {
    const { webhooks } = testBed.github;
    webhooks.pause();
    const id = comment();
    testBed.pass(2_000);
    if (how === "lost") webhooks.trouble(isPush, { kind: "drop" }, 10);
    const theirs = push("xposer:\n  replicas: 3\n");
    if (how === "late")
      webhooks.reorder((waiting) => waiting.toSorted((a, b) => Number(isPush(a)) - Number(isPush(b))));
    webhooks.resume();
    await testBed.waitUntilIdle();
    expect(testBed.repository().branch(BRANCH)).toBe(theirs);
    expect(answer(id)).toEqual({
      reactions: ["confused"],
      says: expect.stringContaining("pushed to this branch after the comment was written"),
    });
    await pass(2_000);
    const second = comment();
    await testBed.waitUntilIdle();
    expect(answer(second)).toEqual({ reactions: ["+1"], says: "" });
    expect(testBed.fileOn(BRANCH, "dev/xposer.yaml")).toContain("replicas: 2");
    expect(testBed.fileOn(BRANCH, "dev/requirements.yaml")).toContain("1.0.1");
  });

  test("stays where it comes between the App's look and its write", async () => {
    push("xposer:\n  replicas: 3\n");
    await pass(2_000);
    let theirs: string | undefined;
    const match = ({ graphql }: Call) => {
      const isWrite = graphql?.operationName === "Stage" && theirs === undefined;
      if (isWrite) theirs = push("xposer:\n  replicas: 4\n");
      return false;
    };
    testBed.github.fault({ match }, { kind: "500" });
    const id = comment();
    await testBed.waitUntilIdle();
    expect(theirs).toBeDefined();
    expect(testBed.repository().branch(BRANCH)).toBe(theirs);
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(answer(id).says).toContain("pushed to this branch after the comment was written");
  });

  test("stays although the comment was written while the server was away", async () => {
    await testBed.stopServer();
    testBed.github.webhooks.sendTo(undefined);
    const id = comment();
    testBed.pass(2_000);
    const theirs = push("xposer:\n  replicas: 3\n");
    await testBed.startServer();
    await testBed.waitUntilIdle();
    expect(testBed.repository().branch(BRANCH)).toBe(theirs);
    expect(answer(id).reactions).toEqual(["confused"]);
  });
});

test("a commit that was pushed before the comment gives way, although its webhook is lost", async () => {
  testBed.github.webhooks.trouble(isPush, { kind: "drop" }, 10);
  push("xposer:\n  replicas: 3\n");
  testBed.github.webhooks.clearTrouble();
  testBed.pass(2_000);
  const id = comment();
  await testBed.waitUntilIdle();
  expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
  expect(testBed.fileOn(BRANCH, "dev/xposer.yaml")).toContain("replicas: 2");
});

test("what the App itself put on the branch meanwhile is in nobody's way", async () => {
  const id = await commentBefore(() => testBed.publish({ version: "1.0.2" }));
  expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
  expect(testBed.fileOn(BRANCH, "dev/requirements.yaml")).toContain("1.0.2");
});

test("a push that GitHub does not tell of yet is waited for", async () => {
  push("xposer:\n  replicas: 3\n");
  await pass(2_000);
  const { activities } = testBed.repository();
  const newest = [...activities].at(-1);
  if (newest) activities.delete(newest[0]);
  const id = comment();
  await testBed.waitUntilIdle();
  expect(answer(id).reactions).toEqual([]);
  if (newest) activities.set(...newest);
  await pass(3_000);
  expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
});

describe("/allow", () => {
  const stray = (text: string) =>
    testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: { "scripts/deploy.sh": text } });
  const checkOn = (oid: string) =>
    [...testBed.repository().checkRuns.values()].findLast(({ headOid }) => headOid === oid)?.conclusion;

  test("lets nothing pass that was pushed after it was written", async () => {
    stray("echo reviewed\n");
    await pass(2_000);
    const { webhooks } = testBed.github;
    webhooks.pause();
    const id = comment("/allow");
    testBed.pass(2_000);
    const unseen = stray("echo unseen\n");
    webhooks.resume();
    await testBed.waitUntilIdle();
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(answer(id).says).toContain("pushed to this branch after the comment was written");
    expect(checkOn(unseen)).toBe("failure");
    await pass(2_000);
    expect(answer(comment("/allow")).reactions).toEqual([]);
    await testBed.waitUntilIdle();
    expect(checkOn(unseen)).toBe("success");
  });

  test("of a fork's pull request goes by the webhooks", async () => {
    testBed.github.owner("carol").fork(CONFIG_REPOSITORY);
    const carol = testBed.github.as("carol");
    const theirs = (version: string, on?: string) =>
      carol.push("carol/config", {
        branch: "patch",
        ...(on !== undefined && { on }),
        files: { "dev/xposer.yaml": `xposer:\n  replicas: ${version}\n` },
      });
    theirs("3", "main");
    const number = carol.openPullRequest(CONFIG_REPOSITORY, { head: "carol:patch", title: "Another" });
    await testBed.waitUntilIdle();
    const { webhooks } = testBed.github;
    webhooks.pause();
    const id = testBed.alice.comment(CONFIG_REPOSITORY, number, "/allow");
    theirs("4");
    webhooks.resume();
    await testBed.waitUntilIdle();
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(answer(id).says).toContain("pushed to this branch after the comment was written");
  });
});

describe("/reject", () => {
  const state = () => testBed.pulls().map((pull) => pull.replace(" in dev", ""));

  test("declines no version that came onto the branch after it was written", async () => {
    const id = await commentBefore(() => published("1.0.2"), "/reject");
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(answer(id).says).toContain("xposer 1.0.2 came onto this branch after the comment was written");
    expect(state()).toEqual(["#1 open Promote xposer to 1.0.2"]);
    await pass(2_000);
    const second = comment("/reject");
    await testBed.waitUntilIdle();
    expect(answer(second)).toEqual({ reactions: ["+1"], says: "" });
    expect(state()).toEqual(["#1 closed Promote xposer to 1.0.2"]);
  });

  test("is done on a branch so old that GitHub tells of no push to it any more", async () => {
    testBed.repository().activities.clear();
    const id = comment("/reject");
    await pass(31_000);
    expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
    expect(state()).toEqual(["#1 closed Promote xposer to 1.0.1"]);
  });

  test("declines none elsewhere either", async () => {
    const id = await commentBefore(() => published("1.0.2"), "/reject everywhere");
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(state()).toEqual(["#1 open Promote xposer to 1.0.2"]);
  });

  test("is done where the branch was only made anew since", async () => {
    const { webhooks } = testBed.github;
    const before = testBed.repository().branch(BRANCH);
    webhooks.pause();
    const id = comment("/reject");
    testBed.pass(2_000);
    const requirements = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
    const files = { "dev/requirements.yaml": `# now with a comment\n${requirements}` };
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
    webhooks.reorder((waiting) => waiting.toSorted((a, b) => Number(isPush(b)) - Number(isPush(a))));
    webhooks.resume();
    await testBed.waitUntilIdle();
    expect(testBed.repository().branch(BRANCH)).not.toBe(before);
    expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
    expect(state()).toEqual(["#1 closed Promote xposer to 1.0.1"]);
  });

  test("is done though people pushed to the branch since", async () => {
    const id = await commentBefore(() => push("xposer:\n  replicas: 3\n"), "/reject");
    expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
    expect(state()).toEqual(["#1 closed Promote xposer to 1.0.1"]);
  });
});
