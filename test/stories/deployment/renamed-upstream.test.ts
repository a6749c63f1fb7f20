// The environment that `after` names gets another name: what was deployed there goes on to the environments after it.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import type { DeploymentCall } from "../../support/hook.ts";
import { checkOn, published, testBed, until } from "../setting.ts";
import { hookTestBed, report, withConfig } from "./hook-test-bed.ts";

function chain(first: string): string {
  return `environments:\n  ${first}:\n    path: dev\n    deploy: [hook]\n  staging:\n    path: staging\n    after: ${first}\n`;
}

const STAGING = {
  "staging/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "staging/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
};

/** 1.0.1 is merged into `dev`, whose deployer was called. */
async function deploying(): Promise<DeploymentCall[]> {
  const calls = await hookTestBed("", { ...withConfig(chain("dev")), ...STAGING });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length > 0);
  return calls;
}

async function rename(): Promise<void> {
  const files = { ".github/chart-promoter.yml": chain("next") };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
}

test("a promotion that is open already stays good to merge", async () => {
  const calls = await deploying();
  await report(calls[0]?.deploymentId, { state: "success" });
  expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.1 in staging");
  await rename();
  await testBed.restart();
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual([
    "#1 merged Promote xposer to 1.0.1 in dev",
    "#2 open Promote xposer to 1.0.1 in staging",
  ]);
  expect(checkOn(2).verdict).toBe("success: Good to merge: xposer 1.0.1 in staging");
});

test("what is being deployed goes on once that has succeeded", async () => {
  const calls = await deploying();
  await report(calls[0]?.deploymentId, { state: "in_progress" });
  await rename();
  expect(testBed.pulls()).toHaveLength(1);
  await report(calls[0]?.deploymentId, { state: "success" });
  expect(testBed.pulls().at(-1)).toMatch(/open Promote xposer to 1\.0\.1 in staging$/);
});

test("a later version waits until it is deployed under the new name", async () => {
  const calls = await deploying();
  await report(calls[0]?.deploymentId, { state: "success" });
  await rename();
  await published("1.0.2");
  const number = Number(
    /^#(\d+) open Promote xposer to 1\.0\.2 in next$/.exec(testBed.pulls().at(-1) ?? "")?.[1],
  );
  expect(testBed.pulls()).toContain("#2 open Promote xposer to 1.0.1 in staging");
  testBed.alice.merge(CONFIG_REPOSITORY, number);
  await until(() => calls.length > 1);
  await report(calls[1]?.deploymentId, { state: "success" });
  expect(testBed.pulls()).toContain("#2 open Promote xposer to 1.0.2 in staging");
});
