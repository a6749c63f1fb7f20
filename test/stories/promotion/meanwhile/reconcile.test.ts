// What happened while the server was away, and what nobody told it: found by looking at everything again.

import { expect, test } from "@jest/globals";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../../src/sandbox/test-bed.ts";
import { live, pass, published, testBed, until } from "../../setting.ts";

async function statesOf(id: string): Promise<readonly string[]> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ repository, state }) => `${repository} ${state}`).toSorted();
}

function titles(repository: string): readonly string[] {
  return testBed.github
    .repository(repository)
    .pulls()
    .map(({ title, state }) => `${state} ${title}`);
}

async function metrics(): Promise<string> {
  return (await fetch(`${testBed.url()}/metrics`)).text();
}

/** Acts while the server is away: no webhook of it arrives, not even late. */
async function meanwhile(act: () => void): Promise<void> {
  await testBed.stopServer();
  testBed.github.webhooks.sendTo(undefined);
  act();
  await testBed.startServer();
}

const OTHER = "acme/other";

test("a push to an environment's branch while the server was away is reported, and nobody is named for it", async () => {
  await live();
  await meanwhile(() => {
    testBed.alice.push(CONFIG_REPOSITORY, {
      branch: "main",
      files: { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
    });
  });
  const issues = () => testBed.github.repository(CONFIG_REPOSITORY).issues();
  await until(() => issues().length > 0);
  await testBed.restart();
  expect(issues().map(({ state, body }) => [state, /^\* .*/m.exec(body)?.[0]])).toEqual([
    ["open", expect.stringMatching(/^\* `dev`: somebody pushed `[0-9a-f]{7}` to `main`: Change dev\/xposer/)],
  ]);
  expect(testBed.github.repository(CONFIG_REPOSITORY).deployments.size).toBe(0);
});

test("merges while the server was away are no pushes", async () => {
  await live();
  await published("1.0.1");
  await meanwhile(() => testBed.alice.merge(CONFIG_REPOSITORY, 1));
  await until(() => testBed.github.repository(CONFIG_REPOSITORY).deployments.size > 0);
  await pass(2_000);
  await pass(5_000);
  expect(testBed.github.repository(CONFIG_REPOSITORY).issues()).toEqual([]);
});

test("repositories added, renamed and deleted while the server was away", async () => {
  await live();
  const id = await published("1.0.1");
  await meanwhile(() => {
    testBed.github.createRepository({ name: OTHER, files: configRepository() });
    testBed.github.owner("acme").rename(CONFIG_REPOSITORY, "renamed");
  });
  expect(titles(OTHER)).toEqual(["open Promote xposer to 1.0.1 in dev"]);
  expect(await statesOf(id)).toEqual(["acme/other proposed", "acme/renamed proposed"]);
  await meanwhile(() => testBed.github.owner("acme").deleteRepository(OTHER));
  expect(await statesOf(id)).toEqual(["acme/other refused", "acme/renamed proposed"]);
  await published("1.0.2");
  expect(titles("acme/renamed")).toEqual(["open Promote xposer to 1.0.2 in dev"]);
});

test("an archived repository is left alone and its publishes are told; un-archived it goes on", async () => {
  await live();
  await meanwhile(() => testBed.github.owner("acme").archive(CONFIG_REPOSITORY));
  const id = await published("1.0.1");
  expect(titles(CONFIG_REPOSITORY)).toEqual([]);
  const { promotions } = await testBed.publishState(id);
  expect(promotions.map(({ because }) => because)).toEqual([expect.stringContaining("archived")]);
  await meanwhile(() => testBed.github.owner("acme").unarchive(CONFIG_REPOSITORY));
  expect(titles(CONFIG_REPOSITORY)).toEqual(["open Promote xposer to 1.0.1 in dev"]);
});

test("a repository that moves to another account with the App keeps its promotion", async () => {
  await live();
  testBed.github.createRepository({ name: "globex/own", files: configRepository() });
  testBed.github.install({ account: "globex", repositories: "all" });
  await testBed.waitUntilIdle();
  await published("1.0.1");
  expect(titles("globex/own")).toEqual(["open Promote xposer to 1.0.1 in dev"]);
  await meanwhile(() => testBed.github.owner("acme").transfer(CONFIG_REPOSITORY, "globex"));
  await published("1.0.2");
  expect(titles("globex/config")).toEqual(["open Promote xposer to 1.0.2 in dev"]);
});

test.each(["suspended", "removed"])(
  "an installation that was %s: its publishes are told why, and planned for when it is back",
  async (how) => {
    await live();
    const id = await published("1.0.1");
    const [installation] = testBed.github.world.installations.values();
    const owner = testBed.github.owner("acme");
    await meanwhile(() => {
      if (how === "suspended") owner.suspend(installation?.id ?? 0);
      else owner.uninstall(installation?.id ?? 0);
    });
    const { promotions } = await testBed.publishState(id);
    expect(promotions.map(({ state, because }) => `${state}: ${because}`)).toEqual([
      "refused: the App cannot see acme/config: install it there again",
    ]);
    const second = await published("1.0.2");
    await meanwhile(() => {
      if (how === "suspended") owner.unsuspend(installation?.id ?? 0);
      else testBed.github.install({ account: "acme", repositories: "all" });
    });
    expect(titles(CONFIG_REPOSITORY)).toEqual(["open Promote xposer to 1.0.2 in dev"]);
    expect(await statesOf(second)).toEqual(["acme/config proposed"]);
  },
);

test("an installation that is removed is noticed although a token is kept, and so is the one that takes its place", async () => {
  await live();
  const id = await published("1.0.1");
  const [installation] = testBed.github.world.installations.values();
  testBed.github.owner("acme").uninstall(installation?.id ?? 0);
  await until(async () => (await statesOf(id)).includes("acme/config refused"));
  const second = await published("1.0.2");
  testBed.github.install({ account: "acme", repositories: "all" });
  await testBed.waitUntilIdle();
  expect(titles(CONFIG_REPOSITORY)).toEqual(["open Promote xposer to 1.0.2 in dev"]);
  expect(await statesOf(second)).toEqual(["acme/config proposed"]);
});

test("pull requests closed, reopened, retitled and merged by hand while the server was away", async () => {
  await live();
  const id = await published("1.0.1");
  await meanwhile(() => testBed.alice.close(CONFIG_REPOSITORY, 1));
  expect(await statesOf(id)).toEqual(["acme/config declined"]);
  await meanwhile(() => {
    testBed.alice.reopen(CONFIG_REPOSITORY, 1);
    testBed.alice.editPullRequest(CONFIG_REPOSITORY, 1, { title: "My title" });
  });
  expect(await statesOf(id)).toEqual(["acme/config proposed"]);
  expect(titles(CONFIG_REPOSITORY)).toEqual(["open My title"]);
  await meanwhile(() => testBed.alice.merge(CONFIG_REPOSITORY, 1));
  expect(await statesOf(id)).toEqual(["acme/config merged"]);
  expect([...testBed.repository().deployments.values()].map(({ environment }) => environment)).toEqual([
    "dev",
  ]);
});

test("an upload that nobody announced is found by polling; the first poll is the baseline, a failing index changes nothing", async () => {
  const charts = ["1.0.0", "1.0.1"].map((version) => ({ name: "xposer", version }));
  await live({ charts, pollMs: 300 });
  await until(async () => (await metrics()).includes('_count{kind="poll",outcome="done"}'));
  expect(testBed.pulls()).toEqual([]);
  testBed.museum.faults.add({ kind: "status", status: 500 }, { match: /index|api\/charts/ });
  await testBed.museum.upload(packChart({ name: "xposer", version: "1.0.2" }));
  await until(async () => (await metrics()).includes('chart_promoter_poll_failing{repository="stakater"} 1'));
  expect(testBed.pulls()).toEqual([]);
  testBed.museum.faults.clear();
  await until(() => testBed.pulls().length > 0);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
});

test("a stranger's pull request from a branch that is called like a promotion has no environment read", async () => {
  await live();
  await published("1.0.1");
  testBed.github.owner("carol").fork(CONFIG_REPOSITORY);
  const carol = testBed.github.as("carol");
  carol.push("carol/config", { branch: "promote/none/x", on: "main", files: { "dev/notes.md": "mine\n" } });
  testBed.github.requests.mark();
  carol.openPullRequest(CONFIG_REPOSITORY, { head: "carol:promote/none/x", base: "main", title: "Mine" });
  await testBed.waitUntilIdle();
  const requests = testBed.github.requests.sinceMark.map(
    ({ operationName, method }) => operationName ?? method,
  );
  expect(requests).toContain("Head");
  expect(requests).not.toContain("RepositoryState");
});
