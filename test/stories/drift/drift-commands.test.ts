// What people can say to a drift, and how an environment is deployed again.

import { expect, test } from "@jest/globals";
import { connectControl } from "../../../src/adapters/control/connect.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { testBed } from "../setting.ts";
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
  watchedTestBed,
} from "./drift-test-bed.ts";

/** Comments on a thread; answers the App's reactions to it and what it said. */
async function commented(body: string, { number = driftIssue(), login = "alice" } = {}) {
  const id = testBed.github.as(login).comment(CONFIG_REPOSITORY, number, body);
  await testBed.waitUntilIdle();
  const repository = testBed.repository();
  const reactions = [...repository.reactions.values()]
    .filter(({ subject }) => subject.kind === "comment" && subject.key === id)
    .map(({ content }) => content);
  const says = [...repository.comments.values()].map((one) => one.body);
  return { id, reactions, says: says.filter((text) => text.includes(`answer ${id} `)) };
}

function driftIssue(): number {
  const open = issues().find(({ title, state }) => title === "Drift in dev" && state === "open");
  return open?.number ?? 0;
}

const FROZEN =
  "    freeze:\n      - { from: 2020-01-01T00:00:00Z, to: 2099-01-01T00:00:00Z, reason: for good }\n";

test("/heal deploys again at once, once, also where nothing is healed by itself", async () => {
  await watchedTestBed(driftConfig("{ heal: off }"));
  const deployment = await deployed();
  await drifted(deployment);
  expect(await commented("/heal", { login: "bob" })).toMatchObject({ reactions: ["-1"], says: [] });
  expect(deployments("heal")).toEqual([]);
  const { reactions, says } = await commented("/heal");
  expect([reactions, says]).toEqual([["+1"], []]);
  expect(deployments("heal")).toMatchObject([
    { oid: deployment.oid, payload: { heals: deployment.id, by: "alice" } },
  ]);
  for (const { id } of testBed.github.webhooks.deliveries) testBed.github.webhooks.redeliver(id);
  await testBed.waitUntilIdle();
  expect(deployments("heal")).toHaveLength(1);
  expect((await commented("/heal")).says).toEqual([expect.stringContaining("has not ended")]);
});

test("/keep leaves it alone that long, and the issue says until when and who", async () => {
  await watchedTestBed(driftConfig("{ heal: on, after: 1h }"));
  await drifted(await deployed());
  expect((await commented("/keep 4h")).reactions).toEqual(["+1"]);
  expect(issueBody()).toMatch(/It is left alone until \d{4}-\d\d-\d\d \d\d:\d\d UTC, as `alice` asked/);
  await configure(driftConfig("{ heal: on }"));
  expect(deployments("heal")).toEqual([]);
  await testBed.restartWithoutDatabase();
  expect(issueBody()).toMatch(/as `alice` asked/);
  expect(deployments("heal")).toEqual([]);
  expect((await commented("/keep")).says).toEqual([expect.stringContaining("Write for example /keep 4h")]);
  expect((await commented("/keep 400d")).reactions).toEqual(["confused"]);
});

test("under the issue only its own commands count, and elsewhere they do not", async () => {
  await watchedTestBed(driftConfig("{}"));
  await drifted(await deployed());
  expect((await commented("/hold")).says).toEqual([expect.stringContaining("This is an issue.")]);
  expect((await commented("/help")).says).toEqual([expect.stringContaining("/keep 4h")]);
  expect((await commented("/heal", { number: 1 })).says).toEqual([
    expect.stringContaining("This is no issue about the drift"),
  ]);
  const theirs = testBed.alice.openIssue(CONFIG_REPOSITORY, {
    title: "Drift in dev",
    body: "<!-- chart-promoter:drift:dev -->",
  });
  expect(await commented("/heal", { number: theirs })).toMatchObject({ reactions: [], says: [] });
  expect(deployments("heal")).toEqual([]);
});

test("/redeploy on a merged promotion repeats the last deployed commit, whichever that is", async () => {
  await watchedTestBed(driftConfig("{}"));
  await deployed("1.0.1");
  const second = await deployed("1.0.2");
  expect((await commented("/redeploy", { number: 1 })).reactions).toEqual(["+1"]);
  const repeated = newestDeployment();
  expect(repeated).toMatchObject({
    ...{ task: "redeploy", oid: second.oid, environment: "dev" },
    payload: { redeploys: second.id, by: "alice", pullRequest: 2 },
  });
  expect(calls.at(-1)).toEqual({ deploymentId: repeated.id, revision: second.oid });
  await ended(repeated.id, "success");
  expect((await drifted(newestDeployment(), [])).status).toBe(204);
});

test("/redeploy tries again what failed, and not what is open, frozen or nobody's", async () => {
  await watchedTestBed(driftConfig("{}"));
  await merged("1.0.1");
  expect((await commented("/redeploy", { number: 1 })).says).toEqual([
    expect.stringContaining("Nothing was deployed"),
  ]);
  const first = newestDeployment();
  await ended(first.id, "failure");
  expect((await commented("/redeploy", { number: 1 })).reactions).toEqual(["+1"]);
  expect(newestDeployment()).toMatchObject({ task: "redeploy", oid: first.oid });
  expect((await commented("/redeploy", { number: 1 })).says).toEqual([
    expect.stringContaining("has not ended"),
  ]);
  await ended(newestDeployment().id, "success");
  await configure(driftConfig("{}") + FROZEN);
  expect((await commented("/redeploy", { number: 1 })).says).toEqual([expect.stringContaining("for good")]);
  await configure("environments:\n  dev:\n    path: dev\n");
  expect((await commented("/redeploy", { number: 1 })).says).toEqual([
    expect.stringContaining("names no deployer"),
  ]);
  expect(deployments()).toHaveLength(2);
});

test("the operator has an environment deployed again, and is told why not", async () => {
  await watchedTestBed(driftConfig("{}"));
  const deployment = await deployed();
  const control = await connectControl(testBed.settings.dataFolder);
  const ask = async (repository: string, environment: string) => {
    const answer = await control?.redeploy({ repository, environment });
    await testBed.waitUntilIdle();
    return answer;
  };
  expect(await ask("acme/nothing", "dev")).toMatchObject({ ok: false, problems: [{ code: "not-found" }] });
  expect(await ask(CONFIG_REPOSITORY, "prod")).toMatchObject({
    ok: false,
    problems: [{ code: "not-found" }],
  });
  expect(await ask("Acme/Config", "dev")).toEqual({ ok: true, value: { sha: deployment.oid } });
  expect(newestDeployment()).toMatchObject({ task: "redeploy", oid: deployment.oid });
  expect(await ask(CONFIG_REPOSITORY, "dev")).toMatchObject({ ok: false, problems: [{ code: "policy" }] });
});
