// The notes of a release are what the changelog says of it.

import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { releaseNotes } from "../../src/tools/release-notes.ts";

const CHANGELOG = `# Changelog

## Unreleased

* Not yet.

## 1.1.0 (2026-02-01)

* New.
  * \`## no heading\` in a line is none.

## 1.1.0-rc.1

* Tried.
`;

test.each([
  ["Unreleased", "* Not yet."],
  ["1.1.0", "* New.\n  * `## no heading` in a line is none."],
  ["1.1.0-rc.1", "* Tried."],
  ["1.1", undefined],
  ["2.0.0", undefined],
])("of %s", (version, notes) => {
  expect(releaseNotes(CHANGELOG, version)).toBe(notes);
});

test("the changelog has something to say of the next release", async () => {
  const changelog = await readFile(new URL("../../CHANGELOG.md", import.meta.url), "utf8");
  expect(releaseNotes(changelog, "Unreleased")).toMatch(/^\* /);
});
