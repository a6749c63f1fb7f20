// The answer to the writing of an issue is lost, and before anybody can look, what it tells is again as it was before: what was
// written last is not known then, and is not taken for what was written before.

import { expect, test } from "@jest/globals";
import type { Call } from "../../src/sandbox/github/http/call.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../src/sandbox/test-bed.ts";
import { deployed, driftConfig, drifted, issueBody, issues, watchedTestBed } from "./drift/drift-test-bed.ts";
import { live, pass, published, testBed } from "./setting.ts";

const CONFIG = ".github/chart-promoter.yml";
const RIGHT = "environments:\n  dev:\n    path: dev\n";
/** Longer than the dashboard issue is left alone between two writings. */
const PACED_MS = 61_000;
const READS: readonly unknown[] = ["OpenIssues", "OwnIssue"];

/** Loses the answer to the next writing of an issue; from then on issues cannot be read, until the answered function is called. */
function loseAnswer(): () => void {
  let lost = false;
  let over = false;
  const name = ({ graphql }: Call) => graphql?.operationName;
  const isWritten = (call: Call) => {
    const is = name(call) === "Issue";
    lost ||= is;
    return is;
  };
  testBed.github.fault({ match: isWritten }, "reset-after-effect");
  testBed.github.fault(
    { match: (call) => lost && !over && READS.includes(name(call)), times: 10_000 },
    "500",
  );
  return () => {
    expect(lost).toBe(true);
    over = true;
  };
}

function open(title: RegExp) {
  return issues().filter((issue) => issue.state === "open" && title.test(issue.title));
}

test("a drift that was to be left alone is not told so for longer", async () => {
  await watchedTestBed(driftConfig("{ heal: off }"));
  await drifted(await deployed());
  expect(issueBody()).toContain("Nothing, until somebody deploys or heals it");
  const [issue] = open(/^Drift/);
  const find = loseAnswer();
  testBed.alice.comment(CONFIG_REPOSITORY, issue?.number ?? 0, "/keep 1m");
  await testBed.waitUntilIdle();
  expect(issueBody()).toContain("It is left alone until");
  await pass(120_000);
  find();
  await pass(600_000);
  expect(issueBody()).toContain("Nothing, until somebody deploys or heals it");
});

test("a promotion that was held for a moment is not shown as held in the dashboard issue", async () => {
  await live({ files: { ...configRepository(), [CONFIG]: `dashboardIssue: true\n${RIGHT}` } });
  await published("1.0.1");
  await pass(PACED_MS);
  const find = loseAnswer();
  const { number } = testBed
    .repository()
    .pulls()
    .find(({ state }) => state === "open") ?? { number: 0 };
  testBed.alice.comment(CONFIG_REPOSITORY, number, "/hold");
  await pass(PACED_MS);
  expect(open(/^Dashboard/)).toMatchObject([{ body: expect.stringContaining("**held** by its label") }]);
  testBed.alice.comment(CONFIG_REPOSITORY, number, "/unhold");
  await pass(PACED_MS);
  find();
  await pass(600_000);
  expect(open(/^Dashboard/)).toMatchObject([{ body: expect.not.stringContaining("**held** by its label") }]);
});

test("a config that was wrong for a moment has no issue open", async () => {
  await live({ files: { ...configRepository(), [CONFIG]: RIGHT } });
  const find = loseAnswer();
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: "environments: 7\n" } });
  await testBed.waitUntilIdle();
  expect(open(/cannot read/)).toHaveLength(1);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: RIGHT } });
  await pass(PACED_MS);
  find();
  await pass(600_000);
  expect(open(/./)).toEqual([]);
});

test("an environment that was in the way for a moment is told of no more", async () => {
  await live({ files: { ...configRepository(), [CONFIG]: RIGHT } });
  const { "dev/requirements.yaml": requirements = "" } = configRepository();
  const find = loseAnswer();
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { "dev/requirements.yaml": "dependencies: 7\n" },
  });
  await testBed.waitUntilIdle();
  expect(open(/cannot open/)).toHaveLength(1);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/requirements.yaml": requirements } });
  await pass(PACED_MS);
  find();
  await pass(600_000);
  expect(open(/cannot open/)).toEqual([]);
});
