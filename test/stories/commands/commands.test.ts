// Commands in comments under pull requests. Over HTTP, against the offline GitHub and ChartMuseum.

import { beforeEach, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { live, newestRun, published, reactionsTo, testBed } from "../setting.ts";

beforeEach(() => live());

/** Comments as somebody; answers the App's reactions to it and what it said. */
async function commented(body: string, { number = 1, login = "alice" } = {}) {
  const id = testBed.github.as(login).comment(CONFIG_REPOSITORY, number, body);
  await testBed.waitUntilIdle();
  return { id, reactions: reactionsTo(id), says: answersTo(id) };
}

function answersTo(comment: number): readonly string[] {
  return [...testBed.repository().comments.values()]
    .map(({ body }) => body)
    .filter((body) => body.includes(`answer ${comment} `));
}

function labels(number: number): readonly string[] {
  const repository = testBed.repository();
  return repository.mustPull(number).labels.map((id) => repository.labels.get(id)?.name ?? "");
}

function checkOn(number: number): string | undefined {
  const run = newestRun(number);
  return run?.conclusion ?? run?.status;
}

function requirementsOn(branch: string): string | undefined {
  return testBed.fileOn(branch, "dev/requirements.yaml");
}

test("/hold labels it and keeps the check from succeeding, /unhold takes that back", async () => {
  await published("1.0.1");
  const held = await commented("/hold");
  expect(held).toMatchObject({ reactions: ["+1"], says: [] });
  expect(labels(1)).toEqual(["promotion/hold"]);
  expect(checkOn(1)).toBe("in_progress");
  await testBed.restartWithoutDatabase();
  expect(checkOn(1)).toBe("in_progress");
  expect(await commented("Fine.\n\n/unhold")).toMatchObject({ reactions: ["+1"], says: [] });
  testBed.alice.editComment(CONFIG_REPOSITORY, held.id, "/hold although it was dealt with");
  await testBed.waitUntilIdle();
  expect(labels(1)).toEqual([]);
  expect(checkOn(1)).toBe("success");
});

test("people without write access, and people unknown here, change nothing", async () => {
  await published("1.0.1");
  expect(await commented("/hold", { login: "bob" })).toMatchObject({ reactions: ["-1"], says: [] });
  expect(await commented("/reject", { login: "mallory" })).toMatchObject({ reactions: ["-1"], says: [] });
  expect(labels(1)).toEqual([]);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("a comment that only talks about commands gets no answer", async () => {
  await published("1.0.1");
  expect(await commented("> /reject\n\nDo not `/reject`:\n\n```\n/reject\n```")).toMatchObject({
    reactions: [],
    says: [],
  });
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("a command counts when it is edited in, and once, whatever is told again", async () => {
  await published("1.0.1");
  const { id } = await commented("nothing yet");
  testBed.alice.editComment(CONFIG_REPOSITORY, id, "/help");
  await testBed.waitUntilIdle();
  expect(reactionsTo(id)).toEqual(["+1"]);
  expect(answersTo(id)).toEqual([expect.stringContaining("/rollback")]);
  for (const delivery of testBed.github.webhooks.deliveries) testBed.github.webhooks.redeliver(delivery.id);
  testBed.alice.editComment(CONFIG_REPOSITORY, id, "/help me");
  await testBed.waitUntilIdle();
  await testBed.restartWithoutDatabase();
  expect(reactionsTo(id)).toEqual(["+1"]);
  expect(answersTo(id)).toHaveLength(1);
});

test("several commands in one comment get one reaction and one answer", async () => {
  await published("1.0.1");
  const { reactions, says } = await commented("/hold\n/help\n/promote nonsense");
  expect(reactions).toEqual(["confused"]);
  expect(says).toEqual([expect.stringMatching(/People with write access.*promote nonsense.* was not done/s)]);
  expect(labels(1)).toEqual(["promotion/hold"]);
});

test("/reject closes it and declines the version", async () => {
  const id = await published("1.0.1");
  expect((await commented("/reject")).reactions).toEqual(["+1"]);
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
  const { promotions } = await testBed.publishState(id);
  expect(promotions).toEqual([expect.objectContaining({ state: "declined" })]);
  await published("1.0.2");
  expect(testBed.pulls()).toEqual([
    "#1 closed Promote xposer to 1.0.1 in dev",
    "#2 open Promote xposer to 1.0.2 in dev",
  ]);
});

test("/rebase makes the branch anew, with the newest version and without the commits of people", async () => {
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "promote/dev/xposer",
    files: { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
  });
  await testBed.waitUntilIdle();
  await published("1.0.2");
  expect(requirementsOn("promote/dev/xposer")).toContain("1.0.1");
  expect((await commented("/rebase")).reactions).toEqual(["+1"]);
  expect(requirementsOn("promote/dev/xposer")).toContain("1.0.2");
  expect(testBed.fileOn("promote/dev/xposer", "dev/xposer.yaml")).toContain("replicas: 2");
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
});

test("/promote takes a version that nobody announced, if the chart repository has it", async () => {
  await published("1.0.1");
  await testBed.museum.upload(packChart({ name: "xposer", version: "1.2.0" }));
  expect((await commented("/promote 1.2.0")).reactions).toEqual(["+1"]);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.2.0 in dev"]);
  const missing = await commented("/promote 9.9.9");
  expect(missing.reactions).toEqual(["confused"]);
  expect(missing.says).toEqual([expect.stringContaining("is not in the chart repository")]);
});

test("/promote never goes backwards, and brings back what was declined", async () => {
  await published("1.0.1");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const back = await commented("/promote 1.0.0");
  expect(back.reactions).toEqual(["confused"]);
  expect(back.says).toEqual([expect.stringContaining("already has")]);
  expect((await commented("/promote 1.0.1")).reactions).toEqual(["+1"]);
  await testBed.restart();
  expect(testBed.pulls()).toEqual([
    "#1 closed Promote xposer to 1.0.1 in dev",
    "#2 open Promote xposer to 1.0.1 in dev",
  ]);
});

test("/promote keeps to the policy", async () => {
  const config = "environments:\n  dev:\n    path: dev\n    charts:\n      xposer: { updates: patch }\n";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await published("1.0.1");
  await testBed.museum.upload(packChart({ name: "xposer", version: "2.0.0" }));
  const { reactions, says } = await commented("/promote 2.0.0");
  expect(reactions).toEqual(["confused"]);
  expect(says).toEqual([expect.stringContaining("is a major step")]);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("/rollback restores exactly what the promotion changed, through later unrelated changes", async () => {
  await published("1.0.1", { "image.tag": "one" });
  testBed.alice.merge(CONFIG_REPOSITORY, 1, { method: "squash" });
  await testBed.waitUntilIdle();
  const values = testBed.fileOn("main", "dev/xposer.yaml") ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { "dev/xposer.yaml": `${values}later: 1\n` },
  });
  await testBed.waitUntilIdle();
  const { reactions, says } = await commented("/rollback");
  expect(reactions).toEqual(["+1"]);
  expect(says).toEqual([expect.stringMatching(/way back from `1\.0\.1` to `1\.0\.0` is #2/)]);
  expect(testBed.pulls()).toEqual([
    "#1 merged Promote xposer to 1.0.1 in dev",
    "#2 open Roll xposer back to 1.0.0 in dev",
  ]);
  const { head, body } = testBed.repository().mustPull(2);
  expect(head.branch).toBe("promote/dev/xposer");
  expect(body).toContain("Rolls back");
  expect(requirementsOn(head.branch)).toContain("version: 1.0.0 # says which");
  expect(testBed.fileOn(head.branch, "dev/xposer.yaml")).toBe("xposer:\n  replicas: 2\nlater: 1\n");
  expect(checkOn(2)).toBe("success");
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(testBed.pulls()).toHaveLength(2);
  await published("1.0.2");
  expect(testBed.pulls().at(-1)).toBe("#3 open Promote xposer to 1.0.2 in dev");
});

test("/rollback refuses what has moved on since, and what is not merged", async () => {
  await published("1.0.1");
  expect(await commented("/rollback")).toMatchObject({
    reactions: ["confused"],
    says: [expect.stringContaining("is not merged")],
  });
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await published("1.0.2");
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  expect(await commented("/rollback")).toMatchObject({
    reactions: ["confused"],
    says: [expect.stringContaining("but dev has 1.0.2 now")],
  });
});

test("a command survives a restart in the middle", async () => {
  await published("1.0.1");
  await testBed.stopServer();
  const id = testBed.alice.comment(CONFIG_REPOSITORY, 1, "/hold");
  await testBed.startServer();
  for (const { id: delivery } of testBed.github.webhooks.deliveries)
    testBed.github.webhooks.redeliver(delivery);
  await testBed.waitUntilIdle();
  expect(reactionsTo(id)).toEqual(["+1"]);
  expect(labels(1)).toEqual(["promotion/hold"]);
});
