// What a command leaves to be looked at later is looked at by itself.

import { beforeEach, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/town.ts";
import { live, pass, published, town } from "../setting.ts";

/** By then what is under way is asked for again. */
const AGAIN_MS = 16_000;

beforeEach(() => live({ reviewPatienceMs: 0 }));

const text = (number: number) => town.repository().pull(number)?.body ?? "";

async function commented(number: number, body: string): Promise<void> {
  town.alice.comment(CONFIG_REPOSITORY, number, body);
  await town.settle();
}

/** 1.0.1 was merged, and its rollback is proposed while the review is under way. */
async function rolledBack(): Promise<void> {
  await published("1.0.1");
  await pass(AGAIN_MS);
  await pass(AGAIN_MS);
  town.alice.merge(CONFIG_REPOSITORY, 1);
  await town.settle();
  await commented(1, "/rollback");
}

test("a review that is under way where /promote proposes, is told once it is done", async () => {
  await published("1.0.1");
  await pass(AGAIN_MS);
  await pass(AGAIN_MS);
  expect(text(1)).not.toContain("Not compared yet");
  await town.museum.upload(packChart({ name: "xposer", version: "1.2.0" }));
  await commented(1, "/promote 1.2.0");
  expect(town.pulls()).toEqual(["#1 open Promote xposer to 1.2.0 in dev"]);
  expect(text(1)).toContain("Not compared yet");
  await pass(AGAIN_MS);
  await pass(AGAIN_MS);
  expect(text(1)).not.toContain("Not compared yet");
});

test("and where /rollback does", async () => {
  await rolledBack();
  expect(town.pulls()[1]).toBe("#2 open Roll xposer back to 1.0.0 in dev");
  expect(text(2)).toContain("Not compared yet");
  await pass(AGAIN_MS);
  await pass(AGAIN_MS);
  expect(text(2)).not.toContain("Not compared yet");
});

test("a rollback whose text cannot be completed any more says why, and promises nothing", async () => {
  await rolledBack();
  const requirements = town.fileOn("main", "dev/requirements.yaml") ?? "";
  town.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    message: "Move on by hand",
    files: { "dev/requirements.yaml": requirements.replace("1.0.1", "1.0.2") },
  });
  await pass(AGAIN_MS);
  await pass(AGAIN_MS);
  expect(town.pulls()[1]).toBe("#2 open Roll xposer back to 1.0.0 in dev");
  expect(text(2)).toContain(
    "Not compared yet: it cannot be completed as things are. `#1` brought xposer 1.0.1, but dev has 1.0.2 now. Roll back the pull request that brought the version that is there now.",
  );
  expect(text(2)).not.toContain("by itself");
});
