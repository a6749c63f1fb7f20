// What it costs to look at many repositories, when the server starts for the first time and every hour.

import { expect, test } from "@jest/globals";
import type { Call } from "../../../src/sandbox/github/http/call.ts";
import { live, testBed } from "../setting.ts";
import { createOthers, loseWebhooks, requestCounts, sweep, swept } from "./sweeping.ts";

const MANY = 40;

test("the first start asks once for each repository, and four times for all of forty", async () => {
  await live();
  createOthers(MANY - 1);
  testBed.github.requests.mark();
  await testBed.restartWithoutDatabase();
  expect(requestCounts()).toEqual({ RepositoryStates: 4, RepositoryState: MANY });
});

test("the sweep asks two queries for forty repositories in which nothing happened, and one more for one in which something did", async () => {
  await live();
  createOthers(MANY - 1);
  await swept();
  expect(await sweep()).toEqual({ Glance: 2 });
  loseWebhooks();
  testBed.alice.push("acme/config-7", { branch: "main", files: { "README.md": "Read me\n" } });
  expect(await sweep()).toMatchObject({ Glance: 2, RepositoryState: 1 });
});

test("one repository that GitHub does not show is looked at alone, and so is each where it answers for none", async () => {
  await live();
  createOthers(MANY - 1);
  await swept();
  loseWebhooks();
  testBed.github.owner("acme").deleteRepository("acme/config-7");
  expect(await sweep()).toEqual({ Glance: 2 });
  const match = ({ graphql }: Call) => graphql?.operationName === "Glance";
  testBed.github.fault({ match, times: 1 }, "502");
  const { RepositoryState: reads } = await sweep();
  expect([19, 20]).toContain(reads);
});
