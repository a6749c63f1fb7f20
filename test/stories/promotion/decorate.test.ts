// Labels, reviewers, auto-merge and draft of a promotion: what they cost, what is tolerated, and that they are set once,
// whatever happens on the way. Over HTTP, against the offline GitHub and ChartMuseum.

import { expect, test } from "@jest/globals";
import type { Call } from "../../../src/sandbox/github/http/call.ts";
import { ensureLabel } from "../../../src/sandbox/github/world/labels.ts";
import { disableAutoMerge } from "../../../src/sandbox/github/world/pull-requests/auto-merge.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../setting.ts";

/** A test bed whose `dev` asks for this, with the label `promotion`, auto-merge allowed and one approval needed. */
async function townThatAsks(...lines: readonly string[]): Promise<void> {
  const config = `environments:\n  dev:\n    path: dev\n${lines.map((line) => `    ${line}\n`).join("")}`;
  await live({ files: { ...configRepository(), ".github/chart-promoter.yml": config } });
  ensureLabel(testBed.github.world, testBed.repository(), { name: "promotion" });
  const owner = testBed.github.owner("acme");
  owner.changeSettings(CONFIG_REPOSITORY, { allowAutoMerge: true });
  owner.setRules(CONFIG_REPOSITORY, [{ pattern: "main", approvals: 1 }]);
  owner.setTeams(CONFIG_REPOSITORY, ["platform"]);
  await testBed.waitUntilIdle();
  testBed.github.requests.mark();
}

function worn(number = 1) {
  const pull = testBed.repository().pull(number);
  return {
    labels: pull?.labels.map((id) => testBed.repository().labels.get(id)?.name),
    reviewers: pull?.reviewers.map(({ login }) => login),
    teams: pull?.teams,
    autoMerge: pull?.autoMerge?.method,
  };
}

const isDecorate = ({ graphql }: Call) => graphql?.operationName === "Decorate";

const ALL = ["labels: [promotion]", "reviewers: [alice, bob]", "autoMerge: squash"] as const;
const WORN = { labels: ["promotion"], reviewers: ["alice", "bob"], teams: [], autoMerge: "squash" };
const CHECK = ["Head", "/repos/acme/config/check-runs"];

function sent(): readonly string[] {
  return testBed.github.requests.counted.map(({ operationName, path }) => operationName ?? path);
}

test("labels, reviewers and auto-merge cost one request more than the promotion: look, promote, decorate", async () => {
  await townThatAsks(...ALL);
  await published("1.0.1");
  expect(worn()).toEqual(WORN);
  expect(sent()).toEqual(["RepositoryState", "Promote", "Decorate", ...CHECK]);
});

test("an environment that asks for nothing costs nothing more", async () => {
  await townThatAsks();
  await published("1.0.1");
  expect(sent()).toEqual(["RepositoryState", "Promote", ...CHECK]);
});

test("a label that does not exist is made first; the next promotion finds it", async () => {
  await townThatAsks("labels: [promotion, team/payments]");
  await published("1.0.1");
  expect(worn().labels).toEqual(["promotion", "team/payments"]);
  expect(sent()).toEqual(["RepositoryState", "Promote", "/repos/acme/config/labels", "Decorate", ...CHECK]);
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  testBed.github.requests.mark();
  await published("1.0.2");
  expect(worn(2).labels).toEqual(["promotion", "team/payments"]);
  expect(sent()).not.toContain("/repos/acme/config/labels");
});

test("teams are asked with one request more, beside the users", async () => {
  await townThatAsks("labels: [promotion]", "reviewers: [alice, team:platform]");
  await published("1.0.1");
  expect(worn()).toEqual({
    ...{ labels: ["promotion"], reviewers: ["alice"], teams: ["platform"], autoMerge: undefined },
  });
  expect(sent()).toEqual([
    ...["RepositoryState", "Promote", "/repos/acme/config/pulls/1/requested_reviewers", "Decorate"],
    ...CHECK,
  ]);
});

test("a reviewer nobody knows and a team without access leave out only themselves", async () => {
  await townThatAsks("labels: [promotion]", "reviewers: [nobody-at-all, alice, team:strangers]");
  const id = await published("1.0.1");
  expect(worn()).toEqual({
    ...{ labels: ["promotion"], reviewers: ["alice"], teams: [], autoMerge: undefined },
  });
  const { promotions } = await testBed.publishState(id);
  expect(promotions.map(({ state }) => state)).toEqual(["proposed"]);
});

test("auto-merge that the repository does not allow leaves labels and reviewers as they are", async () => {
  await townThatAsks(...ALL);
  testBed.github.owner("acme").changeSettings(CONFIG_REPOSITORY, { allowAutoMerge: false });
  await published("1.0.1");
  expect(worn()).toEqual({ ...WORN, autoMerge: undefined });
});

/** What the App said under the pull request. */
function commentBodies(): readonly string[] {
  return [...testBed.repository().comments.values()].map(({ body }) => body);
}

test("auto-merge that GitHub refuses says what to switch on, and is tried again", async () => {
  await townThatAsks(...ALL);
  const owner = testBed.github.owner("acme");
  owner.changeSettings(CONFIG_REPOSITORY, { allowAutoMerge: false });
  await published("1.0.1");
  await testBed.restart();
  expect(commentBodies()).toEqual([
    expect.stringMatching(/autoMerge.*not allowed.*Switch on “Allow auto-merge”/s),
  ]);
  owner.changeSettings(CONFIG_REPOSITORY, { allowAutoMerge: true });
  await testBed.restart();
  expect(worn()).toEqual(WORN);
  expect(commentBodies()).toEqual([]);
});

test("nothing to wait for is told with what to require; people who switch auto-merge off are left alone", async () => {
  await townThatAsks("autoMerge: squash");
  const owner = testBed.github.owner("acme");
  owner.setRules(CONFIG_REPOSITORY, []);
  await published("1.0.1");
  expect(commentBodies()).toEqual([
    expect.stringMatching(/not configured.*Require an approval or the check/s),
  ]);
  owner.setRules(CONFIG_REPOSITORY, [{ pattern: "main", approvals: 1 }]);
  await testBed.restart();
  expect(worn().autoMerge).toBe("squash");
  disableAutoMerge(testBed.github.world, testBed.repository(), { number: 1, actor: testBed.alice.account });
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(worn().autoMerge).toBeUndefined();
  expect(commentBodies()).toEqual([]);
});

test("a reviewer nobody knows is told in the pull request, once", async () => {
  await townThatAsks("labels: [promotion]", "reviewers: [nobody-at-all, alice]");
  await published("1.0.1");
  await published("1.0.2");
  await testBed.restart();
  const warnings = commentBodies().filter((body) => body.includes("nobody-at-all"));
  expect(warnings).toEqual([expect.stringMatching(/there is no user nobody-at-all\..*chart-promoter\.yml/)]);
});

async function configured(...lines: readonly string[]): Promise<void> {
  const config = `environments:\n  dev:\n    path: dev\n${lines.map((line) => `    ${line}\n`).join("")}`;
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await testBed.waitUntilIdle();
}

test("what is told of a reviewer nobody knows goes when the config asks for others, who are asked then", async () => {
  await townThatAsks("reviewers: [nobody-here]");
  await published("1.0.1");
  const bodies = () => [...testBed.repository().comments.values()].map(({ body }) => body);
  expect(bodies()).toEqual([expect.stringContaining("there is no user nobody-here")]);
  await configured("reviewers: [nobody-there, bob]");
  expect(worn().reviewers).toEqual(["bob"]);
  expect(bodies()).toEqual([expect.stringContaining("there is no user nobody-there")]);
  await configured();
  expect(bodies()).toEqual([]);
  expect(worn().reviewers).toEqual(["bob"]);
});

test.each([
  ["Decorate", "502"],
  ["Decorate", "reset-after-effect"],
  ["Retell", "502"],
  ["Reword", "502"],
] as const)(
  "whatever becomes of %s (%s) as they are asked for, they are asked in the end, and the comment tells of the last ones",
  async (name, fault) => {
    await townThatAsks("reviewers: [nobody-here]");
    await published("1.0.1");
    const strange = name === "Reword" ? ["nobody-there"] : [];
    testBed.github.fault({ match: ({ graphql }) => graphql?.operationName === name }, fault);
    await configured(`reviewers: [${["bob", ...strange].join(", ")}]`);
    await testBed.restart();
    expect(worn().reviewers).toEqual(["bob"]);
    expect(commentBodies()).toEqual(
      strange.map((login) => expect.stringContaining(`there is no user ${login}`)),
    );
  },
);

test("draft is honoured", async () => {
  await townThatAsks("draft: true", "labels: [promotion]");
  await published("1.0.1");
  expect(testBed.repository().pull(1)?.draft).toBe(true);
  expect(worn().labels).toEqual(["promotion"]);
});

test.each(["502", "502-after-effect", "reset-before", "reset-after-effect"] as const)(
  "a %s on decorating is made good after a restart, in the same pull request",
  async (fault) => {
    await townThatAsks(...ALL);
    testBed.github.fault({ match: isDecorate }, fault);
    await published("1.0.1");
    await testBed.restart();
    expect(worn()).toEqual(WORN);
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  },
);

test("an answer lost on opening leaves no bare pull request", async () => {
  await townThatAsks(...ALL);
  testBed.github.fault(
    { match: ({ graphql }) => graphql?.operationName === "Promote" },
    "reset-after-effect",
  );
  await published("1.0.1");
  await testBed.restart();
  expect(worn()).toEqual(WORN);
});

test("a newer version that finds an undecorated pull request decorates it", async () => {
  await townThatAsks(...ALL);
  testBed.github.fault({ match: isDecorate }, "502");
  await published("1.0.1");
  await published("1.0.2");
  await testBed.restart();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
  expect(worn()).toEqual(WORN);
});

test.each(["502", "502-after-effect"] as const)("so is a %s on decorating a rollback", async (fault) => {
  await townThatAsks("labels: [promotion]", "reviewers: [bob]");
  testBed.github.owner("acme").setRules(CONFIG_REPOSITORY, []);
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  testBed.github.fault({ match: isDecorate }, fault);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(testBed.pulls().slice(1)).toEqual(["#2 open Roll xposer back to 1.0.0 in dev"]);
  expect(worn(2)).toMatchObject({ labels: ["promotion"], reviewers: ["bob"] });
});

test("what people take away stays away: after a restart, a newer version and a rebuild", async () => {
  await townThatAsks("labels: [promotion, second]");
  await published("1.0.1");
  testBed.alice.unlabel(CONFIG_REPOSITORY, 1, "promotion");
  testBed.alice.unlabel(CONFIG_REPOSITORY, 1, "second");
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(worn().labels).toEqual([]);
  await published("1.0.2");
  expect(worn().labels).toEqual([]);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rebase");
  await testBed.waitUntilIdle();
  expect(worn().labels).toEqual([]);
});

test("without its database, one label that is still there tells that the other was taken away", async () => {
  await townThatAsks("labels: [promotion, second]");
  await published("1.0.1");
  testBed.alice.unlabel(CONFIG_REPOSITORY, 1, "promotion");
  await testBed.waitUntilIdle();
  await testBed.restartWithoutDatabase();
  expect(worn().labels).toEqual(["second"]);
});
