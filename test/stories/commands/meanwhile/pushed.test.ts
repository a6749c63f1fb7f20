// The commands /rebase, /allow and /reject answer for what stood on the branch when they were written: what comes afterwards is
// neither lost, nor allowed, nor declined.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Call } from "../../../../src/sandbox/github/http/call.ts";
import { CONFIG_REPOSITORY } from "../../../../src/sandbox/town.ts";
import { live, pass, published, town } from "../../setting.ts";

const BRANCH = "promote/dev/xposer";

beforeEach(async () => {
  await live();
  await published("1.0.1");
});

function push(text: string): string {
  return town.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: { "dev/xposer.yaml": text } });
}

function comment(body = "/rebase"): number {
  return town.alice.comment(CONFIG_REPOSITORY, 1, body);
}

/** A comment that is heard of only with what happens after it was written. */
async function commentBefore(happens: () => unknown, body = "/rebase"): Promise<number> {
  town.github.webhooks.pause();
  const id = comment(body);
  town.pass(2_000);
  await happens();
  town.github.webhooks.resume();
  await town.waitUntilIdle();
  return id;
}

function answer(comment: number) {
  const repository = town.repository();
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
    const { webhooks } = town.github;
    webhooks.pause();
    const id = comment();
    town.pass(2_000);
    if (how === "lost") webhooks.trouble(isPush, { kind: "drop" }, 10);
    const theirs = push("xposer:\n  replicas: 3\n");
    if (how === "late")
      webhooks.reorder((waiting) => waiting.toSorted((a, b) => Number(isPush(a)) - Number(isPush(b))));
    webhooks.resume();
    await town.waitUntilIdle();
    expect(town.repository().branch(BRANCH)).toBe(theirs);
    expect(answer(id)).toEqual({
      reactions: ["confused"],
      says: expect.stringContaining("pushed to this branch after the comment was written"),
    });
    await pass(2_000);
    const again = comment();
    await town.waitUntilIdle();
    expect(answer(again)).toEqual({ reactions: ["+1"], says: "" });
    expect(town.fileOn(BRANCH, "dev/xposer.yaml")).toContain("replicas: 2");
    expect(town.fileOn(BRANCH, "dev/requirements.yaml")).toContain("1.0.1");
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
    town.github.fault({ match }, { kind: "500" });
    const id = comment();
    await town.waitUntilIdle();
    expect(theirs).toBeDefined();
    expect(town.repository().branch(BRANCH)).toBe(theirs);
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(answer(id).says).toContain("pushed to this branch after the comment was written");
  });

  test("stays although the comment was written while the server was away", async () => {
    await town.stopServer();
    town.github.webhooks.sendTo(undefined);
    const id = comment();
    town.pass(2_000);
    const theirs = push("xposer:\n  replicas: 3\n");
    await town.startServer();
    await town.waitUntilIdle();
    expect(town.repository().branch(BRANCH)).toBe(theirs);
    expect(answer(id).reactions).toEqual(["confused"]);
  });
});

test("a commit that was pushed before the comment gives way, although its webhook is lost", async () => {
  town.github.webhooks.trouble(isPush, { kind: "drop" }, 10);
  push("xposer:\n  replicas: 3\n");
  town.github.webhooks.clearTrouble();
  town.pass(2_000);
  const id = comment();
  await town.waitUntilIdle();
  expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
  expect(town.fileOn(BRANCH, "dev/xposer.yaml")).toContain("replicas: 2");
});

test("what the App itself put on the branch meanwhile is in nobody's way", async () => {
  const id = await commentBefore(() => town.publish({ version: "1.0.2" }));
  expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
  expect(town.fileOn(BRANCH, "dev/requirements.yaml")).toContain("1.0.2");
});

test("a push that GitHub does not tell of yet is waited for", async () => {
  push("xposer:\n  replicas: 3\n");
  await pass(2_000);
  const { activities } = town.repository();
  const newest = [...activities].at(-1);
  if (newest) activities.delete(newest[0]);
  const id = comment();
  await town.waitUntilIdle();
  expect(answer(id).reactions).toEqual([]);
  if (newest) activities.set(...newest);
  await pass(3_000);
  expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
});

describe("/allow", () => {
  const stray = (text: string) =>
    town.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: { "scripts/deploy.sh": text } });
  const checkOn = (oid: string) =>
    [...town.repository().checkRuns.values()].findLast(({ headOid }) => headOid === oid)?.conclusion;

  test("lets nothing pass that was pushed after it was written", async () => {
    stray("echo reviewed\n");
    await pass(2_000);
    const { webhooks } = town.github;
    webhooks.pause();
    const id = comment("/allow");
    town.pass(2_000);
    const unseen = stray("echo unseen\n");
    webhooks.resume();
    await town.waitUntilIdle();
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(answer(id).says).toContain("pushed to this branch after the comment was written");
    expect(checkOn(unseen)).toBe("failure");
    await pass(2_000);
    expect(answer(comment("/allow")).reactions).toEqual([]);
    await town.waitUntilIdle();
    expect(checkOn(unseen)).toBe("success");
  });

  test("of a fork's pull request goes by the webhooks", async () => {
    town.github.owner("carol").fork(CONFIG_REPOSITORY);
    const carol = town.github.as("carol");
    const theirs = (version: string, on?: string) =>
      carol.push("carol/config", {
        branch: "patch",
        ...(on !== undefined && { on }),
        files: { "dev/xposer.yaml": `xposer:\n  replicas: ${version}\n` },
      });
    theirs("3", "main");
    const number = carol.openPullRequest(CONFIG_REPOSITORY, { head: "carol:patch", title: "Another" });
    await town.waitUntilIdle();
    const { webhooks } = town.github;
    webhooks.pause();
    const id = town.alice.comment(CONFIG_REPOSITORY, number, "/allow");
    theirs("4");
    webhooks.resume();
    await town.waitUntilIdle();
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(answer(id).says).toContain("pushed to this branch after the comment was written");
  });
});

describe("/reject", () => {
  const state = () => town.pulls().map((pull) => pull.replace(" in dev", ""));

  test("declines no version that came onto the branch after it was written", async () => {
    const id = await commentBefore(() => published("1.0.2"), "/reject");
    expect(answer(id).reactions).toEqual(["confused"]);
    expect(answer(id).says).toContain("xposer 1.0.2 came onto this branch after the comment was written");
    expect(state()).toEqual(["#1 open Promote xposer to 1.0.2"]);
    await pass(2_000);
    const again = comment("/reject");
    await town.waitUntilIdle();
    expect(answer(again)).toEqual({ reactions: ["+1"], says: "" });
    expect(state()).toEqual(["#1 closed Promote xposer to 1.0.2"]);
  });

  test("is done on a branch so old that GitHub tells of no push to it any more", async () => {
    town.repository().activities.clear();
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
    const { webhooks } = town.github;
    const before = town.repository().branch(BRANCH);
    webhooks.pause();
    const id = comment("/reject");
    town.pass(2_000);
    const requirements = town.fileOn("main", "dev/requirements.yaml") ?? "";
    const files = { "dev/requirements.yaml": `# now with a comment\n${requirements}` };
    town.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
    webhooks.reorder((waiting) => waiting.toSorted((a, b) => Number(isPush(b)) - Number(isPush(a))));
    webhooks.resume();
    await town.waitUntilIdle();
    expect(town.repository().branch(BRANCH)).not.toBe(before);
    expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
    expect(state()).toEqual(["#1 closed Promote xposer to 1.0.1"]);
  });

  test("is done though people pushed to the branch since", async () => {
    const id = await commentBefore(() => push("xposer:\n  replicas: 3\n"), "/reject");
    expect(answer(id)).toEqual({ reactions: ["+1"], says: "" });
    expect(state()).toEqual(["#1 closed Promote xposer to 1.0.1"]);
  });
});
