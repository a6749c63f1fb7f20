// A drift is healed by deploying the last deployed commit again: when it is, when it is not, and what people can say to it.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { pass, published, testBed, until } from "../setting.ts";
import {
  calls,
  configure,
  deployed,
  deployments,
  driftConfig,
  drifted,
  ended,
  issueBody,
  issues,
  merged,
  newestDeployment,
  SCALED,
  watchedTestBed,
} from "./drift-test-bed.ts";

const MINUTE_MS = 60_000;
const HEAL = driftConfig("{ heal: on }");

/** A freeze from so many milliseconds ago until so many from now. */
function freeze(fromMs: number, toMs: number): string {
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  return `    freeze:\n      - { from: ${at(fromMs)}, to: ${at(toMs)}, reason: holidays }\n`;
}

/** The deployer looks again and sees the same, after each of so many heals. */
async function comesBack(times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await drifted(newestDeployment());
    await ended(newestDeployment().id, "success");
  }
}

test("the same commit is deployed again, by a deployment of its own, and the clean report on that closes the issue", async () => {
  await watchedTestBed(HEAL);
  const deployment = await deployed();
  await drifted(deployment);
  const heal = newestDeployment();
  expect(heal).toMatchObject({ task: "heal", oid: deployment.oid, environment: "dev" });
  expect(heal.payload).toMatchObject({
    heals: deployment.id,
    pullRequest: 1,
    promotions: [{ chart: "xposer" }],
  });
  expect(calls.at(-1)).toEqual({ deploymentId: heal.id, revision: deployment.oid });
  expect(issueBody()).toContain("It is being healed");
  expect((await drifted(deployment)).status).toBe(204);
  expect(deployments("heal")).toHaveLength(1);
  await ended(heal.id, "success");
  expect(issueBody()).toContain(`deployment ${heal.id}`);
  expect((await drifted(deployment)).status).toBe(409);
  expect((await drifted(newestDeployment(), [])).status).toBe(204);
  expect(issues().map(({ state }) => state)).toEqual(["closed"]);
  expect(deployments().map(({ task }) => task)).toEqual(["deploy", "heal"]);
});

test("only after it has lasted, and not when it is gone by then", async () => {
  await watchedTestBed(driftConfig("{ heal: on, after: 4m }"));
  const deployment = await deployed();
  await drifted(deployment);
  expect(issueBody()).toContain("It is healed at");
  await drifted(deployment, []);
  await drifted(deployment);
  expect(deployments("heal")).toEqual([]);
  await pass(4 * MINUTE_MS);
  expect(deployments("heal")).toHaveLength(1);
});

test("not what could not be compared", async () => {
  await watchedTestBed(HEAL);
  await drifted(await deployed(), [{ ...SCALED, change: "unknown" }]);
  expect(issueBody()).toContain("none of it could be compared");
  expect(deployments("heal")).toEqual([]);
});

test("at most so often in a day: then people are asked, who may still heal it", async () => {
  await watchedTestBed(driftConfig("{ heal: on, atMost: 2 }"));
  await deployed();
  await comesBack(3);
  await drifted(newestDeployment());
  expect(deployments("heal")).toHaveLength(2);
  expect(issueBody()).toMatch(/\*\*It comes back\.\*\* It was healed 2 times within 24 hours/);
  expect(issueBody()).toContain("last written by `kubectl-scale`");
  await testBed.restartWithoutDatabase();
  await drifted(newestDeployment());
  expect(deployments("heal")).toHaveLength(2);
  const issue = issues().findLast(({ state }) => state === "open");
  testBed.alice.comment(CONFIG_REPOSITORY, issue?.number ?? 0, "/heal");
  await testBed.waitUntilIdle();
  expect(deployments("heal")).toHaveLength(3);
  expect(newestDeployment().payload).toMatchObject({ by: "alice" });
});

test("a freeze holds it until its end", async () => {
  await watchedTestBed(HEAL);
  const deployment = await deployed();
  await configure(HEAL + freeze(-1000, 4 * MINUTE_MS));
  await drifted(deployment);
  expect(issueBody()).toMatch(/A freeze holds it until .* \(holidays\)/);
  expect(deployments("heal")).toEqual([]);
  await pass(4 * MINUTE_MS);
  expect(deployments("heal")).toHaveLength(1);
});

test("a deployment that has not ended holds it, and makes reports on the one before it worthless", async () => {
  await watchedTestBed(HEAL);
  const first = await deployed("1.0.1");
  await merged("1.0.2");
  await drifted(first);
  const second = newestDeployment();
  expect(issueBody()).toContain(`It waits for the end of deployment ${second.id}`);
  await ended(second.id, "success");
  expect(deployments("heal")).toEqual([]);
  expect(issueBody()).toContain("Nobody has reported on it since");
  await drifted(newestDeployment(), []);
  expect(issueBody()).toBeUndefined();
});

test("behind a newer commit that failed nothing is healed", async () => {
  await watchedTestBed(HEAL);
  const first = await deployed("1.0.1");
  await merged("1.0.2");
  const second = newestDeployment();
  await ended(second.id, "failure");
  await drifted(first);
  expect(issueBody()).toContain(`deployment ${second.id} (#2) failed since`);
  expect(deployments("heal")).toEqual([]);
});

test("one that was decided before a merge was heard of takes back nothing of what that merge brings", async () => {
  await watchedTestBed(`${HEAL}  staging:\n    path: staging\n    after: dev\n`);
  const umbrella = Object.entries(configRepository()).filter(([path]) => path.startsWith("dev/"));
  const files = Object.fromEntries(umbrella.map(([path, text]) => [path.replace("dev/", "staging/"), text]));
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
  // Until it is known that no merge explains that push, which has everything read again.
  await pass(60_000);
  const first = await deployed("1.0.1");
  await published("1.0.2");
  const { webhooks } = testBed.github;
  webhooks.pause();
  const pulls = testBed.repository().pulls();
  const inDev = pulls.find(({ title }) => title === "Promote xposer to 1.0.2 in dev");
  testBed.alice.merge(CONFIG_REPOSITORY, inDev?.number ?? 0);
  testBed.pass(5_000);
  await drifted(first);
  const heal = newestDeployment();
  expect(heal).toMatchObject({ task: "heal", oid: first.oid });
  await ended(heal.id, "success");
  webhooks.resume();
  await testBed.waitUntilIdle();
  await ended(newestDeployment().id, "success");
  expect(deployments().map(({ task }) => task)).toEqual(["deploy", "heal", "deploy"]);
  await pass(6_000);
  expect(testBed.pulls()).toContainEqual(
    expect.stringMatching(/ open Promote xposer to 1\.0\.2 in staging$/),
  );
});

test("a push that a merge brought out before a heal is not said to be left out", async () => {
  await watchedTestBed(HEAL);
  const first = await deployed("1.0.1");
  await published("1.0.2");
  const { webhooks } = testBed.github;
  webhooks.pause();
  const files = { "dev/more.yaml": "a: 1\n" };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files, message: "Sneak in" });
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  testBed.pass(5_000);
  await drifted(first);
  await ended(newestDeployment().id, "success");
  webhooks.resume();
  await testBed.waitUntilIdle();
  expect(deployments().map(({ task }) => task)).toEqual(["deploy", "heal", "deploy"]);
  // Long enough for a push to be looked into, and to be found direct.
  await pass(2_000);
  await pass(5_000);
  expect(issues().filter(({ body }) => body.includes("Sneak in"))).toEqual([]);
});

test("a heal that fails says why, is not tried again, and comments on no pull request", async () => {
  await watchedTestBed(HEAL);
  const deployment = await deployed();
  await drifted(deployment);
  const words = `${"the API server refuses it, ".repeat(20)}so delete that object`;
  await ended(newestDeployment().id, "failure", words);
  expect(issueBody()).toContain(`failed: hook: ${words}. It would fail again. Put right by hand`);
  expect(issueBody()).toMatch(/Heals so far, newest first: deployment \d+ at .* UTC \(failed\)\./);
  await drifted(deployment, [SCALED, { kind: "Service", name: "web", change: "missing" }]);
  expect(deployments("heal")).toHaveLength(1);
  expect([...testBed.repository().comments.values()]).toEqual([]);
});

test("a server that is killed between the report and the heal heals once", async () => {
  await watchedTestBed(HEAL);
  const deployment = await deployed();
  testBed.github.fault(
    { match: ({ path, method }) => method === "POST" && path.endsWith("/deployments") },
    "502-after-effect",
  );
  await drifted(deployment);
  await testBed.restart();
  await until(() => deployments("heal").some(({ statuses }) => statuses.length > 0) || calls.length > 1);
  expect(deployments("heal")).toHaveLength(1);
  expect(calls).toHaveLength(2);
});

test("the publish stays deployed, whatever becomes of a heal", async () => {
  await watchedTestBed(HEAL);
  const id = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await ended(newestDeployment().id, "success");
  await drifted(newestDeployment());
  const states = async () => (await testBed.publishState(id)).promotions.map(({ state }) => state);
  expect(await states()).toEqual(["deployed"]);
  await ended(newestDeployment().id, "failure");
  expect(await states()).toEqual(["deployed"]);
});
