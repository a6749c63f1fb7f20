// A person with write access who has a dependency come from elsewhere without its `repository` saying so, or who hides what
// Helm is to read behind a link: the check does not call it good to merge until somebody says that it is meant.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { FilesGiven } from "../../../src/sandbox/github/people/files.ts";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { checkOn, testBed } from "../../stories/setting.ts";
import { BRANCH, ELSEWHERE, proposedBesideMallory } from "../proposed.ts";

beforeEach(proposedBesideMallory);

function check(number = 1) {
  const { verdict, summary } = checkOn(number);
  return `${verdict}\n${summary}`;
}

function requirements(entry: object): string {
  const lines = Object.entries(entry).map(([key, value]) => `    ${key}: "${value}"\n`);
  return `dependencies:\n${lines.join("").replace(/^ {3}/, "  -")}`;
}

/** What the check says then. */
async function allowed(number: number): Promise<string> {
  testBed.alice.comment(CONFIG_REPOSITORY, number, "/allow");
  await testBed.waitUntilIdle();
  return check(number);
}

async function proposed(files: FilesGiven, on = "main"): Promise<number> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on, files });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "own" });
  await testBed.waitUntilIdle();
  return number;
}

test.each([
  ["an alias that is new", { name: "xposer", alias: "web", version: "1.0.1", repository: ELSEWHERE }],
  ["an alias of the repository", { name: "xposer", version: "1.0.1", repository: "alias:mallory" }],
  ["the repository's name", { name: "xposer", version: "1.0.1", repository: "@mallory" }],
  ["a name in another case", { name: "xposer", version: "1.0.1", repository: "@Stakater" }],
  ["a folder", { name: "xposer", version: "1.0.1", repository: "file://../evil" }],
  ["no repository", { name: "xposer", version: "1.0.1", repository: "" }],
  ["a registry", { name: "xposer", version: "1.0.1", repository: "oci://charts.example.com" }],
  [
    "a registry in another case",
    { name: "xposer", version: "1.0.1", repository: "OCI://charts.example.com" },
  ],
  ["a query", { name: "xposer", version: "1.0.1", repository: `${MUSEUM_URL}?a` }],
])("a dependency that comes from elsewhere by %s", async (_what, entry) => {
  const number = await proposed({ "dev/requirements.yaml": requirements(entry) });
  expect(check(number)).toMatch(/^failure: (xposer|evil) would come from .* somebody with write/s);
  expect(await allowed(number)).toMatch(/^success: /);
});

test("a second entry of a chart, from elsewhere, beside the one that stays", async () => {
  const stays = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  const another = `  - name: xposer\n    alias: web\n    version: 1.0.1\n    repository: ${ELSEWHERE}\n`;
  const number = await proposed({ "dev/requirements.yaml": `${stays.trimEnd()}\n${another}` });
  expect(check(number)).toContain(
    `would come from \`${ELSEWHERE}\` under the key web, and the base has it from \`${MUSEUM_URL}\`. If that`,
  );
  expect(await allowed(number)).toMatch(/^success: /);
});

test("a second entry of a chart from where it comes already needs nobody's word", async () => {
  const stays = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  const another = `  - name: xposer\n    alias: web\n    version: 1.0.1\n    repository: ${MUSEUM_URL}\n`;
  const number = await proposed({ "dev/requirements.yaml": `${stays.trimEnd()}\n${another}` });
  expect(check(number)).toMatch(/^success: Good to merge: xposer 1\.0\.1/);
});

const MANIFEST = requirements({ name: "xposer", version: "1.0.1", repository: MUSEUM_URL });
const link = (contents: string) => ({ mode: "120000", contents }) as const;
const LINKS: readonly (readonly [what: string, files: FilesGiven, place: string])[] = [
  [
    "a manifest, whose target reads like one",
    { "dev/requirements.yaml": link(MANIFEST) },
    "requirements.yaml",
  ],
  ["values, whose target reads like none", { "dev/values.yaml": link("{}") }, "values.yaml"],
  ["the folder of values", { "dev/values": link("../evil"), "evil/xposer.yaml": "a: b\n" }, "values"],
];

test.each(LINKS)("a symbolic link in the place of %s", async (_what, files, place) => {
  const number = await proposed(files);
  expect(check(number)).toMatch(/^failure: It puts symbolic links in the place of what is judged/);
  expect(check(number)).toContain(`is not read: dev/${place}. If that is meant`);
  expect(await allowed(number)).not.toMatch(/^failure: /);
});

test("a symbolic link that stood there before is nobody's doing", async () => {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/xposer.yaml": link("other.yaml") } });
  await testBed.waitUntilIdle();
  const number = await proposed({ "dev/requirements.yaml": MANIFEST });
  expect(check(number)).toMatch(/^success: Good to merge/);
});

describe("on the App's own promotion", () => {
  const requirementsOf = () => testBed.fileOn(BRANCH, "dev/requirements.yaml") ?? "";
  async function forced(files: FilesGiven, merging?: string): Promise<string> {
    testBed.alice.push(CONFIG_REPOSITORY, {
      ...{ branch: BRANCH, on: testBed.repository().branch(BRANCH) ?? "", files, force: true },
      ...(merging !== undefined && { merging }),
    });
    await testBed.waitUntilIdle();
    return check();
  }

  test("a link in the place of its manifest fails it, an executable bit changes nothing", async () => {
    const text = requirementsOf();
    expect(await forced({ "dev/requirements.yaml": { mode: "100755", contents: text } })).toMatch(
      /^success: /,
    );
    expect(await forced({ "dev/requirements.yaml": link(text) })).toMatch(/^failure: It puts symbolic links/);
  });

  test("files that a merge commit brings fail it, and so does a name in another case", async () => {
    const evil = { "scripts/evil.sh": "true\n" };
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "side", on: "main", files: evil });
    expect(await forced({}, "side")).toMatch(/^failure: .*no promotion changes: scripts\/evil\.sh/);
    expect(await forced({ "scripts/evil.sh": null, "DEV/requirements.yaml": "a" })).toMatch(
      /^failure: .*no promotion changes: DEV\/requirements\.yaml/,
    );
  });

  test("the word of somebody who may not write is none, and a push after it takes it back", async () => {
    expect(await forced({ "scripts/evil.sh": "true\n" })).toMatch(/^failure: /);
    testBed.github.as("bob").comment(CONFIG_REPOSITORY, 1, "/allow");
    await testBed.waitUntilIdle();
    expect(check()).toMatch(/^failure: /);
    expect(await allowed(1)).toMatch(/^success: /);
    expect(await forced({ "scripts/evil.sh": "false\n" })).toMatch(/^failure: /);
  });
});

test("an older state of the base, kept by a merge commit that takes nothing of the base in", async () => {
  const old = requirements({ name: "xposer", version: "1.0.1", repository: ELSEWHERE });
  const now = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  const from = testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { "dev/requirements.yaml": old },
  });
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/requirements.yaml": now } });
  await testBed.waitUntilIdle();
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: from, files: { "dev/note.txt": "a" } });
  const number = await proposedBy({ merging: "main", files: { "dev/requirements.yaml": old } });
  expect(check(number)).toMatch(/^failure: xposer would come from/);
});

test("a base that moved on, and was merged in, is not the doing of who merged it", async () => {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "main", files: { "dev/note.txt": "a" } });
  const moved = requirements({ name: "xposer", version: "1.0.1", repository: ELSEWHERE });
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/requirements.yaml": moved } });
  await testBed.waitUntilIdle();
  const number = await proposedBy({ merging: "main", files: { "dev/requirements.yaml": moved } });
  expect(check(number)).toMatch(/^neutral: No chart moves/);
});

async function proposedBy(push: { readonly merging: string; readonly files: FilesGiven }): Promise<number> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", ...push });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "own" });
  await testBed.waitUntilIdle();
  return number;
}
