// A version that is taken back where it stood before: what brings it further, whoever opened that, is not good to merge any more.

import { describe, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { checkOn, live, published, testBed, until } from "../setting.ts";

function umbrella(folder: string): Record<string, string> {
  const entry = `  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;
  return {
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: `dependencies:\n${entry}`,
  };
}

function config(...lines: readonly string[]): Record<string, string> {
  return { ".github/chart-promoter.yml": `environments:\n${lines.map((line) => `  ${line}\n`).join("")}` };
}

/** A person's own pull request that brings xposer 1.0.1 to a folder. */
function opened(folder: string): number {
  const path = `${folder}/requirements.yaml`;
  const text = testBed.fileOn("main", path)?.replace("1.0.0", "1.0.1") ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "mine", on: "main", files: { [path]: text } });
  return testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "mine", title: "Mine" });
}

function numberOf(title: string): number {
  const found = testBed
    .repository()
    .pulls()
    .findLast((pull) => pull.title === title);
  return found?.number ?? 0;
}

async function rolledBack(): Promise<void> {
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, numberOf("Roll xposer back to 1.0.0 in dev"));
  await testBed.waitUntilIdle();
}

test("a person's pull request to the next environment is judged again when the version is rolled back", async () => {
  const next = config("dev: { path: dev }", "staging: { path: staging, after: dev }");
  await live({ files: { ...umbrella("dev"), ...umbrella("staging"), ...next } });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const mine = opened("staging");
  await testBed.waitUntilIdle();
  expect(checkOn(mine).verdict).toMatch(/^success: /);
  await rolledBack();
  await until(() => !checkOn(mine).verdict.startsWith("success"));
  expect(checkOn(mine).verdict).toContain("1.0.1 was rolled back to 1.0.0 in dev");
});

/** A person's own pull request that takes xposer in dev back to 1.0.0, merged. */
async function reverted(version = "1.0.1"): Promise<number> {
  const path = "dev/requirements.yaml";
  const text = testBed.fileOn("main", path)?.replace(version, "1.0.0") ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "revert", on: "main", files: { [path]: text } });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "revert", title: "Revert" });
  testBed.alice.merge(CONFIG_REPOSITORY, number);
  await testBed.waitUntilIdle();
  return number;
}

describe("what people take back by a pull request of their own", () => {
  const promotionsOf = async (id: string) => {
    const { promotions } = await testBed.publishState(id);
    return promotions.map(({ state, because }) => `${state}: ${because}`);
  };

  test("stays out until it is asked for, or a newer version comes", async () => {
    await live();
    const id = await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    const number = await reverted();
    const declined = [`declined: 1.0.1 was rolled back by #${number}`];
    expect(await promotionsOf(id)).toEqual(declined);
    await testBed.restart();
    expect([await promotionsOf(id), testBed.pulls().length]).toEqual([declined, number]);
    await published("1.0.2");
    expect(testBed.pulls().at(-1)).toBe("#3 open Promote xposer to 1.0.2 in dev");
    testBed.alice.close(CONFIG_REPOSITORY, 3);
    await testBed.waitUntilIdle();
    testBed.alice.comment(CONFIG_REPOSITORY, 1, "/promote 1.0.1");
    await until(() => testBed.pulls().length > 3);
    testBed.alice.merge(CONFIG_REPOSITORY, 4);
    await testBed.restart();
    expect(await promotionsOf(id)).toEqual([expect.stringMatching(/^merged: #4 /)]);
  });

  test("keeps older ones out as well, which say how to have them", async () => {
    await live();
    await published("1.0.2");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    await reverted("1.0.2");
    expect(await promotionsOf(await published("1.0.1"))).toEqual([
      "declined: 1.0.1 is older, and 1.0.2 was rolled back by #2; comment /promote CHART VERSION to ENVIRONMENT on any promotion to have it all the same",
    ]);
  });

  test("stays out when it is announced again after the loss of the database", async () => {
    await live();
    await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    const number = await reverted();
    await testBed.restartWithoutDatabase();
    const { body } = await testBed.announce({ version: "1.0.1" });
    await testBed.waitUntilIdle();
    expect(await promotionsOf(body.id)).toEqual([`declined: 1.0.1 was rolled back by #${number}`]);
    expect(testBed.pulls()).toHaveLength(number);
  });
});
