// What a command leaves to be looked at later is looked at by itself.

import { expect, test } from "@jest/globals";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY } from "../../../../src/sandbox/test-bed.ts";
import { AGAIN_MS, inTheEnd, liveWithHelm, type WaitingHelm } from "../../helm-that-waits.ts";
import { pass, published, testBed } from "../../setting.ts";

const isCompared = (number: number) => !text(number).includes("Not compared yet");
const text = (number: number) => testBed.repository().pull(number)?.body ?? "";

async function commented(number: number, body: string): Promise<void> {
  testBed.alice.comment(CONFIG_REPOSITORY, number, body);
  await testBed.waitUntilIdle();
}

/** 1.0.1 was merged, and its rollback is proposed while the review is under way. */
async function rolledBack(helm: WaitingHelm): Promise<void> {
  await published("1.0.1");
  await inTheEnd(() => isCompared(1));
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await helm.waits();
  await commented(1, "/rollback");
}

test("a review that is under way where /promote proposes, is told once it is done", async () => {
  const helm = await liveWithHelm();
  await published("1.0.1");
  await inTheEnd(() => isCompared(1));
  expect(text(1)).not.toContain("Not compared yet");
  await testBed.museum.upload(packChart({ name: "xposer", version: "1.2.0" }));
  await helm.waits();
  await commented(1, "/promote 1.2.0");
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.2.0 in dev"]);
  expect(text(1)).toContain("Not compared yet");
  await helm.goesOn();
  await inTheEnd(() => isCompared(1));
  expect(text(1)).not.toContain("Not compared yet");
});

test("and where /rollback does", async () => {
  const helm = await liveWithHelm();
  await rolledBack(helm);
  expect(testBed.pulls()[1]).toBe("#2 open Roll xposer back to 1.0.0 in dev");
  expect(text(2)).toContain("Not compared yet");
  await helm.goesOn();
  await inTheEnd(() => isCompared(2));
  expect(text(2)).not.toContain("Not compared yet");
});

/** What stands in the umbrella chart while the review of its rollback is under way. */
async function meanwhile(requirements: (before: string) => string): Promise<void> {
  const before = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    message: "Move on by hand",
    files: { "dev/requirements.yaml": requirements(before) },
  });
  await pass(AGAIN_MS);
  await pass(AGAIN_MS);
}

test("a rollback whose text cannot be completed any more says why, and promises nothing", async () => {
  await rolledBack(await liveWithHelm());
  await meanwhile((before) => `${before}broken: [`);
  expect(testBed.pulls()[1]).toBe("#2 open Roll xposer back to 1.0.0 in dev");
  expect(text(2)).toContain(
    "Not compared yet: it cannot be completed as things are. requirements.yaml cannot be read as YAML: did not find expected node content (line 6).",
  );
  expect(text(2)).not.toContain("by itself");
});

test("a rollback whose version is gone meanwhile is closed", async () => {
  await rolledBack(await liveWithHelm());
  await meanwhile((before) => before.replace("1.0.1", "1.0.2"));
  expect(testBed.pulls()[1]).toBe("#2 closed Roll xposer back to 1.0.0 in dev");
  expect([...testBed.repository().comments.values()].map(({ body }) => body)).toContain(
    "No longer needed: xposer 1.0.1, which it takes back, is not there any more.",
  );
});
