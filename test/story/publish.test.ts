// From a publish to a pull request, over HTTP, against the offline GitHub and ChartMuseum.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, startTown, type Town } from "../../src/sandbox/town.ts";

let town: Town;

beforeEach(async () => {
  town = await startTown();
});

afterEach(async () => {
  await town.stop();
});

test("a published chart becomes a pull request, for two requests", async () => {
  town.github.requests.mark();
  const answer = await town.publish({
    version: "1.0.1",
    source: { repository: "acme/xposer", revision: "a".repeat(40) },
  });
  expect(answer.status).toBe(202);
  await town.settle();
  const repository = town.github.repository(CONFIG_REPOSITORY);
  const pulls = repository.pulls();
  expect(pulls.map(({ title }) => title)).toEqual(["Promote xposer to 1.0.1 in dev"]);
  expect(
    town.github.requests.counted.map(({ operation, operationName, method, path, rootFields }) =>
      operation === "rest" ? `${method} ${path}` : `${operationName} ${rootFields.join()}`,
    ),
  ).toEqual([
    "Look rateLimit,repository",
    "Promote createRef,createCommitOnBranch,createPullRequest",
    // The check of the new head, which costs one read and one write of its own.
    "Head rateLimit,repository",
    expect.stringMatching(/^POST .*\/repos\/acme\/config\/check-runs$/),
  ]);
});
