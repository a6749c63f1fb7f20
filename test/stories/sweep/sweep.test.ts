// That the sweep finds what no webhook told of, and looks at no more than that.

import { expect, test } from "@jest/globals";
import { connectControl } from "../../../src/adapters/control/connect.ts";
import type { Call } from "../../../src/sandbox/github/http/call.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { live, pass, published, testBed, until } from "../setting.ts";
import { createOthers, LAG_MS, loseWebhooks, requestCounts, sweep, swept } from "./sweeping.ts";

function issues() {
  return testBed.repository().issues();
}

function labels(number: number): readonly string[] {
  const repository = testBed.repository();
  return repository.mustPull(number).labels.map((id) => repository.labels.get(id)?.name ?? "");
}

test("what the first start read of many at once is what their promotions go by", async () => {
  await live();
  createOthers(2);
  const wrong = { ...configRepository(), ".github/chart-promoter.yml": "environments: 1\n" };
  testBed.github.createRepository({ name: "acme/wrong", files: wrong });
  testBed.github.createRepository({ name: "acme/none", files: { "README.md": "Read me\n" } });
  testBed.github.requests.mark();
  await testBed.restartWithoutDatabase();
  expect(requestCounts()).toMatchObject({ RepositoryStates: 2, RepositoryState: 6 });
  const { promotions } = await testBed.publishState(await published("1.0.1"));
  expect(promotions.map(({ repository, state }) => `${repository} ${state}`).toSorted()).toEqual([
    "acme/config proposed",
    "acme/config-1 proposed",
    "acme/config-2 proposed",
  ]);
  expect(testBed.github.repository("acme/wrong").issues()).toHaveLength(1);
});

test("an operator's sync looks at everything, whatever a glance shows", async () => {
  await live();
  await swept();
  expect(await sweep()).toEqual({ Glance: 1 });
  testBed.github.requests.mark();
  await (await connectControl(testBed.settings.dataFolder))?.sync();
  await testBed.waitUntilIdle();
  expect(requestCounts()).toMatchObject({ Glance: 1, RepositoryState: 1 });
});

test("what a glance at the start does not show yet is found half a minute later", async () => {
  await live();
  await published("1.0.1");
  await swept();
  const match = ({ graphql }: Call) => graphql?.operationName === "Glance";
  testBed.github.fault({ match, times: 1 }, { kind: "stale-read" });
  loseWebhooks();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  expect(await sweep()).toEqual({ Glance: 1 });
  expect(testBed.repository().deployments.size).toBe(0);
  await pass(LAG_MS);
  expect(testBed.repository().deployments.size).toBe(1);
  expect(requestCounts()["Glance"]).toBe(2);
});

test("what the very first look does not show yet is found half a minute later, too", async () => {
  await live();
  await published("1.0.1");
  loseWebhooks();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  const match = ({ graphql }: Call) => graphql?.operationName?.startsWith("RepositoryState") === true;
  testBed.github.fault({ match, times: 3 }, { kind: "stale-read" });
  testBed.github.requests.mark();
  await testBed.restartWithoutDatabase();
  expect(testBed.repository().deployments.size).toBe(0);
  await pass(LAG_MS);
  expect(testBed.repository().deployments.size).toBe(1);
  expect(requestCounts()).toMatchObject({ RepositoryStates: 2, RepositoryState: 2, Glance: 1 });
  await swept();
  expect(await sweep()).toEqual({ Glance: 1 });
});

test("a look that may have seen less than the glance is made again", async () => {
  await live();
  await published("1.0.1");
  await swept();
  expect(await sweep()).toEqual({ Glance: 1 });
  loseWebhooks();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  const match = ({ graphql }: Call) => graphql?.operationName === "RepositoryState";
  testBed.github.fault({ match, times: 1 }, { kind: "stale-read" });
  await sweep();
  expect(testBed.repository().deployments.size).toBe(0);
  await pass(LAG_MS);
  expect(testBed.repository().deployments.size).toBe(1);
  await pass(LAG_MS);
  expect(await sweep()).toEqual({ Glance: 1 });
});

interface Change {
  readonly name: string;
  readonly before?: () => void;
  readonly change: () => void;
  readonly isFound: () => boolean | Promise<boolean>;
}

async function stateOf(id: string): Promise<string | undefined> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ repository, state }) => `${repository} ${state}`).join();
}

let id = "";
const say = (number: number, body: string) => testBed.alice.comment(CONFIG_REPOSITORY, number, body);
const push = (path: string, text: string) =>
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [path]: text } });
const isAnswered = () => testBed.repository().reactions.size > 0;
const merge = () => void testBed.alice.merge(CONFIG_REPOSITORY, 1);

const CHANGES: readonly Change[] = [
  { name: "a merge", change: merge, isFound: () => testBed.repository().deployments.size === 1 },
  {
    name: "a promotion that was closed",
    change: () => testBed.alice.close(CONFIG_REPOSITORY, 1),
    isFound: async () => (await stateOf(id)) === "acme/config declined",
  },
  {
    name: "a promotion whose branch was deleted",
    change: () => testBed.alice.deleteBranch(CONFIG_REPOSITORY, "promote/dev/xposer"),
    isFound: async () => (await stateOf(id)) === "acme/config declined",
  },
  {
    name: "a promotion that was opened again",
    before: () => testBed.alice.close(CONFIG_REPOSITORY, 1),
    change: () => testBed.alice.reopen(CONFIG_REPOSITORY, 1),
    isFound: async () => (await stateOf(id)) === "acme/config proposed",
  },
  {
    name: "a command on an open promotion",
    change: () => say(1, "/hold"),
    isFound: () => labels(1).includes("promotion/hold"),
  },
  {
    name: "a comment that was made a command",
    before: () => say(1, "Looks good"),
    change: () => {
      const [comment] = [...testBed.repository().comments.values()].filter(
        ({ body }) => body === "Looks good",
      );
      testBed.alice.editComment(CONFIG_REPOSITORY, comment?.id ?? 0, "/hold");
    },
    isFound: () => labels(1).includes("promotion/hold"),
  },
  {
    name: "a command on a merged promotion",
    before: merge,
    change: () => say(1, "/rollback"),
    isFound: () => testBed.pulls().length === 2,
  },
  {
    name: "a push to an environment's branch",
    change: () => push("dev/xposer.yaml", "xposer:\n  replicas: 3\n"),
    isFound: () => issues().length === 1,
  },
  {
    name: "a command on an issue of the App's",
    before: () => push("dev/xposer.yaml", "xposer:\n  replicas: 3\n"),
    change: () => say(issues()[0]?.number ?? 0, "/help"),
    isFound: isAnswered,
  },
  {
    name: "a config file that is wrong now",
    change: () => push(".github/chart-promoter.yml", "environments: 1\n"),
    isFound: () => issues().length === 1,
  },
  {
    name: "another name",
    change: () => testBed.github.owner("acme").rename(CONFIG_REPOSITORY, "renamed"),
    isFound: async () => (await stateOf(id)) === "acme/renamed proposed",
  },
  {
    name: "a pull request of somebody's that is to be judged",
    change: () => {
      testBed.alice.push(CONFIG_REPOSITORY, { branch: "mine", files: { "dev/values.yaml": "a: 1\n" } });
      testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "mine", base: "main", title: "Mine" });
    },
    isFound: () => testBed.repository().checkRuns.size > 1,
  },
];

test.each(CHANGES)("the sweep finds $name", async ({ before, change, isFound }) => {
  await live();
  id = await published("1.0.1");
  before?.();
  await pass(5_000);
  await pass(5_000);
  await swept();
  expect(await sweep()).toEqual({ Glance: 1 });
  expect(await isFound()).toBe(false);
  loseWebhooks();
  change();
  await sweep();
  await until(isFound);
});
