// From a publish to a pull request, over HTTP, against the offline GitHub and ChartMuseum.

import { beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { live, pass, testBed } from "../setting.ts";

beforeEach(() => live());

test("a published chart becomes a pull request, for two requests", async () => {
  testBed.github.requests.mark();
  const answer = await testBed.publish({
    version: "1.0.1",
    source: { repository: "acme/xposer", revision: "a".repeat(40) },
  });
  expect(answer.status).toBe(202);
  await testBed.waitUntilIdle();
  const repository = testBed.github.repository(CONFIG_REPOSITORY);
  const pulls = repository.pulls();
  expect(pulls.map(({ title }) => title)).toEqual(["Promote xposer to 1.0.1 in dev"]);
  expect(
    testBed.github.requests.counted.map(({ operation, operationName, method, path, rootFields }) =>
      operation === "rest" ? `${method} ${path}` : `${operationName} ${rootFields.join()}`,
    ),
  ).toEqual([
    "RepositoryState rateLimit,repository",
    "Promote createRef,createCommitOnBranch,createPullRequest",
    // The check of the new head, which costs one read and one write of its own.
    "Head rateLimit,repository",
    expect.stringMatching(/^POST .*\/repos\/acme\/config\/check-runs$/),
  ]);
});

test.each([80, 400])(
  "it is two requests as well where GitHub takes %i ms for each, one after another",
  async (ms) => {
    testBed.github.fault({ times: Number.POSITIVE_INFINITY }, { kind: "slow", ms });
    for (const version of ["1.0.1", "1.0.2"]) {
      testBed.github.requests.mark();
      await testBed.publish({ version });
      await testBed.waitUntilIdle();
      const requests = testBed.github.requests.counted.map(
        ({ operationName, method }) => operationName ?? method,
      );
      expect(requests).toEqual(["RepositoryState", "Promote", "Head", "POST"]);
    }
  },
);

test("the text tells the commits between both versions, where the App can read their source", async () => {
  const { github, alice } = testBed;
  github.createRepository({ name: "acme/xposer", files: { "main.go": "1\n" }, people: { alice: "write" } });
  await testBed.waitUntilIdle();
  const push = (text: string, message: string) =>
    alice.push("acme/xposer", { branch: "main", files: { "main.go": text }, message });
  const [old, fresh] = [push("2\n", "Begin"), push("3\n", "Fix the crash @everyone #1")];
  const from = (revision: string) => ({ source: { repository: "acme/xposer", revision } });
  await testBed.announce({ version: "1.0.0", ...from(old) });
  await testBed.publish({ version: "1.0.1", ...from(fresh) });
  await testBed.waitUntilIdle();
  const body = testBed.repository().pull(1)?.body ?? "";
  expect(body).toContain("Fix the crash");
  expect(body).toContain(fresh.slice(0, 7));
  expect(body).not.toContain(" @everyone");
});

test("each of many publishes is answered, however many newer ones came before anybody could look", async () => {
  testBed.github.fault({ times: Number.POSITIVE_INFINITY }, "reset-before");
  const versions = Array.from({ length: 103 }, (_, n) => `1.0.${n + 1}`);
  const ids: string[] = [];
  for (const version of versions) ids.push((await testBed.publish({ version })).body.id);
  testBed.github.faults.clear();
  const answers = () =>
    Promise.all(
      ids.map(async (id) => (await testBed.publishState(id)).promotions.map(({ state }) => state).join()),
    );
  const expected = versions.map((_, n) => (n === 102 ? "proposed" : "superseded"));
  // Longer than what fails is given to recover.
  await pass(5 * 60_000);
  expect(await answers()).toEqual(expected);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.103 in dev"]);
});

test("a repeat that adds something keeps a settled publish verified, and what it adds is told", async () => {
  const first = await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  const repeat = await testBed.announce({ version: "1.0.1", source: { revision: "b".repeat(40) } });
  expect(repeat).toMatchObject({ status: 200, body: { id: first.body.id, state: "verified" } });
  expect(await testBed.publishState(first.body.id)).toMatchObject({ state: "verified" });
  await testBed.waitUntilIdle();
  expect(await testBed.publishState(first.body.id)).toMatchObject({
    ...{ state: "verified", settled: true, pending: [] },
    promotions: [{ state: "proposed" }],
  });
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});
