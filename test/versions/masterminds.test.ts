// Verdicts of Masterminds/semver v3.5.0 (what Helm 3.21 and 4.2 use), recorded by running it; ours must be the same.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parseConstraint, satisfies } from "../../src/versions/constraint.ts";
import { parseVersion } from "../../src/versions/version.ts";

interface Verdicts {
  readonly versions: readonly string[];
  readonly invalid: readonly string[];
  readonly improper: readonly string[];
  readonly admits: Readonly<Record<string, readonly string[]>>;
}

const verdicts: Verdicts = JSON.parse(readFileSync(new URL("masterminds.json", import.meta.url), "utf8"));

test("the record is there", () => {
  expect(Object.keys(verdicts.admits).length * verdicts.versions.length).toBeGreaterThan(4000);
});

test.each(verdicts.versions)("%p is a version", (text) => {
  expect(parseVersion(text)?.original).toBe(text);
});

test.each(verdicts.invalid)("%p is no version", (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

test.each(verdicts.improper)("%p is no constraint", (text) => {
  expect(parseConstraint(text).ok).toBe(false);
});

describe("a constraint admits the same versions", () => {
  test.each(Object.entries(verdicts.admits))("%p", (text, admits) => {
    const constraint = parseConstraint(text);
    const admitted = verdicts.versions.filter((version) => {
      const parsed = parseVersion(version);
      return constraint.ok && parsed && satisfies(parsed, constraint.value);
    });
    expect(admitted).toEqual(admits);
  });
});
