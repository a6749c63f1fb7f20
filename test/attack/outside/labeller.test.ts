// Somebody who may label and nothing else (GitHub's role "triage"): other labels in front of the one that holds, and that one on
// whatever else is closed, so that a hold of a colleague's is overlooked.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { checkOn, live, published, testBed, until } from "../../stories/setting.ts";

const CONFIG = ".github/chart-promoter.yml";
/** GitHub takes a hundred labels on one issue or pull request. */
const OTHERS = 99;
const CLOSED = 15;
const HELD = /^in_progress: Held by the label promotion\/hold/;

async function configured(charts: string): Promise<void> {
  const text = `environments:\n  dev:\n    path: dev\n    charts: [${charts}]\n`;
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: text } });
  await testBed.waitUntilIdle();
}

test("what was held when it was withdrawn is held when it comes again, whatever else has labels", async () => {
  await live();
  await published("1.0.1");
  const triager = testBed.github.as("bob");
  for (let n = 0; n < OTHERS; n++) triager.label(CONFIG_REPOSITORY, 1, `other-${n}`);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/hold");
  await until(() => HELD.test(checkOn(1).verdict));
  await configured("none");
  for (let n = 0; n < CLOSED; n++) {
    const head = `closed-${n}`;
    testBed.alice.push(CONFIG_REPOSITORY, { branch: head, on: "main", files: { [head]: "" } });
    const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head, title: head });
    testBed.alice.close(CONFIG_REPOSITORY, number);
    triager.label(CONFIG_REPOSITORY, number, "promotion/hold");
  }
  await testBed.waitUntilIdle();
  await configured('"*"');
  const successor = testBed.repository().pulls().at(-1)?.number ?? 0;
  expect(successor).toBeGreaterThan(CLOSED);
  await until(() => HELD.test(checkOn(successor).verdict));
}, 120_000);
