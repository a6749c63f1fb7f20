// The database is lost after an environment left the config while a deployment to it ran: GitHub knows of it, nobody else does.

import { expect, test } from "@jest/globals";
import type { Settings } from "../../../src/domain/model/config/settings.ts";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { published, testBed, until } from "../setting.ts";
import { comments, hookTestBed, report, statuses, withConfig } from "./hook-test-bed.ts";

const HOOKED = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";
const RENAMED = HOOKED.replace("dev:", "next:");

const LAB = {
  ...withConfig(`${HOOKED}  lab:\n    path: lab\n    branch: lab\n    deploy: [hook]\n`),
};

/** A deployment to `dev` was asked for, and its environment has another name since. */
async function left(others: Settings["deployers"] = []) {
  const calls = await hookTestBed(HOOKED, withConfig(HOOKED), others);
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length > 0);
  await report(calls[0]?.deploymentId, { state: "in_progress" });
  await reconfigure(RENAMED);
  return calls[0]?.deploymentId;
}

async function reconfigure(config: string): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await testBed.waitUntilIdle();
}

test("its deployer's report is taken, and shown", async () => {
  const id = await left();
  await testBed.restartWithoutDatabase();
  await until(() => statuses().join().endsWith("error"));
  expect(comments().join()).toContain("ends is not known: the environment is no longer configured");
  expect(await report(id, { state: "success" })).toBe(204);
  expect(statuses()).toEqual([expect.stringMatching(/^dev .*in_progress error success$/)]);
  expect(comments().join()).toContain("Its deployer reported success");
});

test("what is said under its pull request says as of when, and stays true whatever is reported later", async () => {
  const id = await left();
  await testBed.restartWithoutDatabase();
  await until(() => statuses().join().endsWith("error"));
  await report(id, { state: "in_progress" });
  await report(id, { state: "success" });
  expect(statuses()).toEqual([expect.stringMatching(/error in_progress success$/)]);
  expect(comments().join()).toMatch(/As of \d{4}-\d\d-\d\d \d\d:\d\d UTC, how deploying /);
});

test("a locked conversation keeps nothing else from being dealt with", async () => {
  const id = await left();
  testBed.alice.lock(CONFIG_REPOSITORY, 1);
  await testBed.restartWithoutDatabase();
  await until(() => statuses().join().endsWith("error"));
  expect(await report(id, { state: "success" })).toBe(204);
  await published("1.0.2");
  expect(testBed.pulls()).toContain("#2 open Promote xposer to 1.0.2 in next");
});

test("where nobody reports, GitHub does not show it as under way for ever, and people read it once", async () => {
  await left();
  await testBed.restartWithoutDatabase();
  await until(() => statuses().join().endsWith("error"));
  await testBed.restartWithoutDatabase();
  await testBed.waitUntilIdle();
  expect(statuses()).toEqual([expect.stringMatching(/^dev [a-z_ ]*in_progress error$/)]);
  expect(comments().filter((body) => body.includes("no longer configured"))).toHaveLength(1);
});

test("one on a branch that no environment is on any more is found too", async () => {
  const calls = await hookTestBed("", LAB);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "lab", files: labFiles() });
  await testBed.waitUntilIdle();
  await published("1.0.1");
  const pulls = testBed.pulls();
  testBed.alice.merge(CONFIG_REPOSITORY, Number(pulls.find((line) => line.endsWith("in lab"))?.slice(1, 2)));
  await until(() => calls.length > 0);
  await reconfigure(HOOKED);
  await testBed.restartWithoutDatabase();
  expect(await report(calls[0]?.deploymentId, { state: "success" })).toBe(204);
  expect(statuses()).toEqual([expect.stringMatching(/^lab .*success$/)]);
});

test("one without a deployer of its own keeps what it shows", async () => {
  await hookTestBed("environments:\n  dev:\n    path: dev\n");
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await reconfigure("environments:\n  next:\n    path: dev\n");
  await testBed.restartWithoutDatabase();
  await testBed.waitUntilIdle();
  expect([statuses(), comments()]).toEqual([["dev"], []]);
});

test("a deployer that may not deploy there is not heard", async () => {
  const id = await left([
    {
      ...{ kind: "webhook", name: "elsewhere", url: "http://127.0.0.1:9/", secret: "s3" },
      repositories: [`${CONFIG_REPOSITORY}#next`],
    },
  ]);
  await testBed.restartWithoutDatabase();
  await until(() => statuses().join().endsWith("error"));
  expect(await report(id, { state: "failure" }, "elsewhere:s3")).toBe(403);
  expect(await report(id, { state: "success" })).toBe(204);
});

function labFiles(): Readonly<Record<string, string>> {
  return {
    "lab/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    "lab/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
    "lab/xposer.yaml": "xposer:\n  replicas: 2\n",
  };
}
