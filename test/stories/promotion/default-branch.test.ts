// Where the config names no branch, an environment's branch is the default branch as it is now, also after it became another.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/town.ts";
import { live, published, town, until } from "../setting.ts";

function bases(): readonly string[] {
  return town
    .repository()
    .pulls()
    .map(({ number, state, merge, base }) => `#${number} ${merge ? "merged" : state} to ${base.branch}`);
}

async function statesOf(id: string): Promise<readonly string[]> {
  const { promotions } = await town.publishState(id);
  return promotions.map(({ environment, state }) => `${environment} ${state}`);
}

function deployed(): readonly string[] {
  return [...town.repository().deployments.values()].map(({ environment, oid }) => `${environment} ${oid}`);
}

test("the default branch is renamed while a promotion is open: the next version comes, and a merge deploys", async () => {
  await live();
  await published("1.0.1");
  town.github.owner("acme").renameBranch(CONFIG_REPOSITORY, "main", "trunk");
  await town.settle();
  const id = await published("1.0.2");
  expect(town.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
  expect(bases()).toEqual(["#1 open to trunk"]);
  expect(await statesOf(id)).toEqual(["dev proposed"]);
  const sha = town.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => deployed().length > 0);
  expect(deployed()).toEqual([`dev ${sha}`]);
  expect(await statesOf(id)).toEqual(["dev merged"]);
});

test("it is renamed while the server is away", async () => {
  await live();
  await published("1.0.1");
  await town.stopServer();
  town.github.webhooks.sendTo(undefined);
  town.github.owner("acme").renameBranch(CONFIG_REPOSITORY, "main", "trunk");
  await town.startServer();
  const id = await published("1.0.2");
  expect(bases()).toEqual(["#1 open to trunk"]);
  expect(await statesOf(id)).toEqual(["dev proposed"]);
});
