// The life of a promotion: updated in place, declined, reopened, left to people, rebuilt, merged. Over HTTP, against the
// offline GitHub and ChartMuseum.

import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, expect, test } from "@jest/globals";
import type { Call } from "../../../src/sandbox/github/http/call.ts";
import { openIssue } from "../../../src/sandbox/github/world/issues.ts";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../setting.ts";

beforeEach(() => live());

async function stateOf(id: string): Promise<string> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map((one) => `${one.state}: ${one.because}`).join();
}

test("a newer version updates the open pull request in place, for one query and one mutation", async () => {
  const first = await published("1.0.1");
  testBed.github.requests.mark();
  const second = await published("1.0.2");
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
  expect(testBed.github.requests.counted.map(({ rootFields }) => rootFields.join())).toEqual(
    expect.arrayContaining(["rateLimit,repository", "createCommitOnBranch,addComment,updatePullRequest"]),
  );
  expect(await stateOf(first)).toBe("superseded: 1.0.2 overtook it");
  expect(await stateOf(second)).toBe("proposed: 1.0.2 is the newest version allowed here");
  expect(testBed.fileOn("promote/dev/xposer", "dev/requirements.yaml")).toContain(
    "version: 1.0.2 # says which",
  );
});

test("an older, an equal and a repeated version change nothing", async () => {
  await published("1.0.2");
  const before = testBed.fileOn("promote/dev/xposer", "dev/requirements.yaml");
  const older = await published("1.0.1");
  const { status } = await testBed.announce({ version: "1.0.2" });
  await testBed.waitUntilIdle();
  expect(status).toBe(200);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
  expect(testBed.fileOn("promote/dev/xposer", "dev/requirements.yaml")).toBe(before);
  expect(await stateOf(older)).toBe("superseded: 1.0.2 overtook it");
});

test("closing it declines that version; the next one opens a new pull request; reopening takes it back", async () => {
  const first = await published("1.0.1");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(await stateOf(first)).toBe("declined: 1.0.1 was declined: #1 was closed without merging");
  await testBed.restart();
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
  testBed.alice.reopen(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(await stateOf(first)).toBe("proposed: 1.0.1 is the newest version allowed here");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await published("1.0.2");
  expect(testBed.pulls()).toEqual([
    "#1 closed Promote xposer to 1.0.1 in dev",
    "#2 open Promote xposer to 1.0.2 in dev",
  ]);
});

test("commits of people on the branch are never overwritten: the bot says so, once for each version", async () => {
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "promote/dev/xposer",
    files: { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
  });
  const second = await published("1.0.2");
  await testBed.restart();
  expect(testBed.fileOn("promote/dev/xposer", "dev/requirements.yaml")).toContain("1.0.1");
  expect(testBed.fileOn("promote/dev/xposer", "dev/xposer.yaml")).toContain("replicas: 3");
  expect(await stateOf(second)).toMatch(/^refused: #1 holds commits by alice/);
  const comments = [...testBed.repository().comments.values()];
  expect(comments.map(({ body }) => body)).toEqual([expect.stringContaining("xposer 1.0.2 was published")]);
});

test("what people's commits kept out is proposed once their pull request is merged", async () => {
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "promote/dev/xposer",
    files: { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
  });
  await published("1.0.2");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual([
    "#1 merged Promote xposer to 1.0.1 in dev",
    "#2 open Promote xposer to 1.0.2 in dev",
  ]);
});

test("a version that a branch of people's commits kept out is proposed once they take the branch away", async () => {
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "promote/dev/xposer",
    files: { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
  });
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  const kept = await published("1.0.2");
  expect(await stateOf(kept)).toMatch(/^refused: the branch promote\/dev\/xposer holds commits/);
  testBed.alice.deleteBranch(CONFIG_REPOSITORY, "promote/dev/xposer");
  await testBed.waitUntilIdle();
  // Between them came the issue that told what was in the way.
  expect(testBed.repository().issues()).toMatchObject([{ number: 2, state: "closed" }]);
  expect(testBed.pulls()).toEqual([
    "#1 closed Promote xposer to 1.0.1 in dev",
    "#3 open Promote xposer to 1.0.2 in dev",
  ]);
});

test("when people push while it is written, neither its title nor its comments run ahead of its branch", async () => {
  await published("1.0.1");
  const [before] = testBed.repository().pulls();
  const isPromote = ({ graphql }: Call) => graphql?.operationName === "Promote";
  testBed.github.fault({ match: isPromote }, { kind: "slow", ms: 2_000 });
  await testBed.publish({ version: "1.0.2" });
  while (testBed.github.requests.sinceMark.every(({ fault }) => fault === undefined)) await sleep(5);
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "promote/dev/xposer",
    files: { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
  });
  await testBed.waitUntilIdle();
  const [after] = testBed.repository().pulls();
  expect([after?.title, after?.body]).toEqual([before?.title, before?.body]);
  expect([...testBed.repository().comments.values()].map(({ body }) => body)).toEqual([
    expect.stringContaining("commits by alice"),
  ]);
  expect(testBed.fileOn("promote/dev/xposer", "dev/xposer.yaml")).toContain("replicas: 3");
});

test("it is rebuilt when the base changed a file that it touches, and never closed on the way", async () => {
  await published("1.0.1", { "image.tag": "1.0.1" });
  const edited = `dependencies:\n  - name: other\n    version: 3.0.0\n    repository: file://../other\n  - name: xposer\n    version: 1.0.0 # says which version it is\n    repository: ${MUSEUM_URL}\n`;
  testBed.github.requests.mark();
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/requirements.yaml": edited } });
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  expect(testBed.fileOn("promote/dev/xposer", "dev/requirements.yaml")).toBe(
    edited.replace("1.0.0 #", "1.0.1 #"),
  );
  const repository = testBed.repository();
  expect(repository.pull(1)?.body).toContain("1.0.1");
  expect([...repository.refs.keys()].filter((name) => name.includes("promote-stage"))).toEqual([]);
});

test("values of a superseded version do not linger", async () => {
  await published("1.0.1", { "image.tag": "one", extra: { only: "once" } });
  expect(testBed.fileOn("promote/dev/xposer", "dev/xposer.yaml")).toContain("once");
  await published("1.0.2", { "image.tag": "two" });
  expect(testBed.fileOn("promote/dev/xposer", "dev/xposer.yaml")).toBe(
    "xposer:\n  replicas: 2\n  image:\n    tag: two\n",
  );
});

test.each(["merge", "squash", "rebase"] as const)(
  "merged by %s, it is deployed once, on the merge commit",
  async (method) => {
    const id = await published("1.0.1");
    testBed.github.requests.mark();
    const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1, { method });
    await testBed.waitUntilIdle();
    for (const { id: delivery } of testBed.github.webhooks.deliveries)
      testBed.github.webhooks.redeliver(delivery);
    await testBed.waitUntilIdle();
    await testBed.restart();
    const deployments = [...testBed.repository().deployments.values()];
    expect(
      deployments.map(({ oid, environment, task, payload }) => ({ oid, environment, task, payload })),
    ).toEqual([
      {
        oid: sha,
        environment: "dev",
        task: "deploy",
        payload: { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }], pullRequest: 1 },
      },
    ]);
    expect(await stateOf(id)).toMatch(/^merged: #1 was merged/);
  },
);

test("a promotion whose version people put on the base by hand is closed with the reason", async () => {
  await published("1.0.1");
  const now = testBed.fileOn("main", "dev/requirements.yaml")?.replace("1.0.0", "1.0.1") ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/requirements.yaml": now } });
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
});

test("a broken config file gets one issue with line numbers, closes nothing, and what waited is proposed after the fix", async () => {
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { ".github/chart-promoter.yml": "environments:\n  dev:\n    pth: dev\n" },
  });
  await testBed.waitUntilIdle();
  const waiting = await published("1.0.2");
  const issues = () =>
    testBed
      .repository()
      .issues()
      .map(({ state, body }) => `${state} ${body}`);
  expect(issues()).toEqual([expect.stringMatching(/^open .*line 3: .*pth/s)]);
  expect(await stateOf(waiting)).toMatch(/^refused: .*line 3/);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n" },
  });
  await testBed.waitUntilIdle();
  expect(issues()).toEqual([expect.stringMatching(/^closed/)]);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
});

test("an issue that GitHub did not show in time, so that it was opened twice, is closed twice", async () => {
  const config = (key: string) => ({
    ".github/chart-promoter.yml": `environments:\n  dev:\n    ${key}: dev\n`,
  });
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: config("pth") });
  await testBed.waitUntilIdle();
  const { world } = testBed.github;
  const [first] = testBed.repository().issues();
  if (first) openIssue(world, testBed.repository(), { ...first, actor: world.app.bot });
  const states = () =>
    testBed
      .repository()
      .issues()
      .map(({ state, body }) => `${state} ${/p\w*th/.exec(body)?.[0]}`);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: config("paath") });
  await testBed.waitUntilIdle();
  expect(states()).toEqual(["open paath", "closed pth"]);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: config("path") });
  await testBed.waitUntilIdle();
  expect(states()).toEqual(["closed paath", "closed pth"]);
});

test("without its database it opens nothing twice", async () => {
  await published("1.0.1");
  await testBed.restartWithoutDatabase();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  await published("1.0.2");
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
});
