// An environment gets another name: what people said no to there, they need not say no to once more.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../setting.ts";

function named(name: string, more = ""): string {
  return `environments:\n  ${name}:\n    path: dev\n${more}`;
}

async function rename(config: string): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await testBed.waitUntilIdle();
}

async function begin(): Promise<void> {
  await live({ files: { ...configRepository(), ".github/chart-promoter.yml": named("dev") } });
}

/** `next declined: …`: what GET says of the environment. */
async function recordIn(environment: string, publish: string): Promise<string | undefined> {
  const { promotions } = await testBed.publishState(publish);
  return promotions.flatMap((one) =>
    one.environment === environment ? `${one.state}: ${one.because}` : [],
  )[0];
}

test("a version that was declined stays so under the new name, and under the one after it; a newer one comes", async () => {
  await begin();
  const declined = await published("1.0.1");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await rename(named("next"));
  await published("1.0.1");
  await rename(named("later"));
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
  expect(await recordIn("later", declined)).toBe(
    "declined: 1.0.1 was declined: #1 was closed without merging",
  );
  await published("1.0.2");
  expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.2 in later");
});

test("a version that was rolled back is not proposed under the new name", async () => {
  await begin();
  const bad = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  await rename(named("next"));
  await testBed.restart();
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toHaveLength(2);
  expect(await recordIn("next", bad)).toBe("declined: 1.0.1 was rolled back by #2");
});

test("what was declined in one environment is none of another's that comes beside it", async () => {
  await begin();
  await published("1.0.1");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const folder = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  const files = {
    "lab/Chart.yaml": testBed.fileOn("main", "dev/Chart.yaml") ?? "",
    "lab/requirements.yaml": folder,
  };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await rename(named("dev", "  lab:\n    path: lab\n"));
  expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.1 in lab");
});
