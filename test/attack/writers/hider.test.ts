// A person with write access who hides what a pull request changes behind more files than GitHub lists: 3,000 of them, and none at
// all of still larger ones, which it counts as none.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { checkOn, live, published, reactionsTo, testBed } from "../../stories/setting.ts";
import { BRANCH, ELSEWHERE, proposedBesideMallory } from "../proposed.ts";

const CONFIG = ".github/chart-promoter.yml";
const REPOINTED = `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${ELSEWHERE}\n`;

function many(count: number, folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`${folder}/${n}`, `${n}\n`]));
}

async function offered(files: Readonly<Record<string, string>>): Promise<number> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "main", files });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "Tidy up" });
  await testBed.waitUntilIdle();
  return number;
}

async function commented(number: number, body: string): Promise<readonly string[]> {
  const id = testBed.alice.comment(CONFIG_REPOSITORY, number, body);
  await testBed.waitUntilIdle();
  return reactionsTo(id);
}

test.each([
  ["3,000 files in front of it", 3_000],
  ["so many files that GitHub lists none", 6_000],
])(
  "a dependency that is re-pointed behind %s",
  async (_what, count) => {
    await proposedBesideMallory();
    const number = await offered({ ...many(count, "aaa"), "dev/requirements.yaml": REPOINTED });
    expect(checkOn(number).verdict).toMatch(/^failure: /);
    expect(checkOn(number).summary).toContain(`xposer would come from \`${ELSEWHERE}\``);
    expect(checkOn(number).summary).toContain("GitHub does not list all the files that it changes");
  },
  60_000,
);

test("a second environment behind 3,000 files of the first", async () => {
  const { ".github/chart-promoter.yml": _own, ...files } = configRepository();
  const config = "environments:\n  dev:\n    path: dev\n  prod:\n    path: prod\n";
  const prod = { "prod/Chart.yaml": files["dev/Chart.yaml"] ?? "", "prod/values.yaml": "replicas: 2\n" };
  await live({ files: { ...files, ...prod, [CONFIG]: config } });
  const number = await offered({ ...many(3_000, "dev/notes"), "prod/values.yaml": "replicas: 0\n" });
  expect(checkOn(number).verdict).toMatch(/^failure: GitHub does not list all the files/);
  expect(checkOn(number).summary).toContain("prod");
}, 60_000);

test("what is meant is allowed, and what touches no environment is nobody's business", async () => {
  await live({});
  const number = await offered({ ...many(6_000, "dev/notes") });
  expect(checkOn(number).verdict).toMatch(/^failure: GitHub does not list all the files/);
  expect(await commented(number, "/allow")).toEqual(["+1"]);
  expect(checkOn(number).verdict).toMatch(/^success: /);
  expect(checkOn(number).summary).toContain("Allowed by alice for this commit");
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "docs", on: "main", files: many(6_000, "docs") });
  const other = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "docs", title: "Write it down" });
  await testBed.waitUntilIdle();
  expect(checkOn(other).verdict).toBe("undefined: undefined");
}, 60_000);

test("files on the App's own promotion, so many that GitHub lists none", async () => {
  await proposedBesideMallory();
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: many(6_000, "scripts") });
  await testBed.waitUntilIdle();
  expect(checkOn(1).verdict).toMatch(/^failure: GitHub does not list all the files/);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
}, 60_000);

test("files in front of those of the App's own promotion, more than are read of an open one", async () => {
  await live({});
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: many(30, "aaa") });
  await testBed.waitUntilIdle();
  const config = "environments:\n  dev:\n    path: dev\n    labels: [promotion]\n";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: config } });
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  expect(checkOn(1).verdict).toMatch(/^failure: It changes files that no promotion changes/);
});

test("an environment behind so many files on the App's own offer of a config file", async () => {
  const { ".github/chart-promoter.yml": _own, ...files } = configRepository();
  await live({ files, onboarding: "on" });
  await testBed.waitUntilIdle();
  const { branch } = testBed.repository().mustPull(1).head;
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch,
    files: { ...many(6_000, "aaa"), "dev/requirements.yaml": REPOINTED },
  });
  await testBed.waitUntilIdle();
  expect(checkOn(1).verdict).toBe("neutral: It changes more than the config file");
}, 60_000);
