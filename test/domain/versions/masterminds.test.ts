// Verdicts of Masterminds/semver v3.5.0 (what Helm 3.21 and 4.2 use), recorded by running it; ours must be the same.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parseConstraint, satisfies } from "../../../src/domain/versions/constraint.ts";
import { compareVersions, parseVersion, type Version } from "../../../src/domain/versions/version.ts";

interface Verdicts {
  /** Versions in their order; those in one row rank the same. */
  readonly ascending: readonly (readonly string[])[];
  readonly invalid: readonly string[];
  readonly improper: readonly string[];
  /** By constraint: one sign for each version of `ascending`, `+` where it is admitted. */
  readonly admits: Readonly<Record<string, string>>;
}

const verdicts: Verdicts = JSON.parse(readFileSync(new URL("masterminds.json", import.meta.url), "utf8"));
const versions = verdicts.ascending.flat();

test("the record holds enough to mean something", () => {
  expect(Object.keys(verdicts.admits).length * versions.length).toBeGreaterThan(10_000);
});

test.each(versions)("%p is a version", (text) => {
  expect(parseVersion(text)?.original).toBe(text);
});

test.each(verdicts.invalid)("%p is no version", (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

test("every two versions stand in the same order", () => {
  const ranked = verdicts.ascending.flatMap((row, rank) => row.map((text) => ({ rank, text })));
  for (const one of ranked) {
    const order = ranked.map((other) => Math.sign(compareVersions(version(one.text), version(other.text))));
    expect(order).toEqual(ranked.map((other) => Math.sign(one.rank - other.rank)));
  }
});

test.each(verdicts.improper)("%p is no constraint", (text) => {
  expect(parseConstraint(text)).toMatchObject({ ok: false, problems: [{ code: "range-invalid" }] });
});

describe("a constraint admits the same versions", () => {
  test.each(Object.entries(verdicts.admits))("%p", (text, signs) => {
    const constraint = parseConstraint(text);
    if (!constraint.ok) throw new Error(constraint.problems[0]?.message);
    const admitted = versions.filter((one) => satisfies(version(one), constraint.value));
    expect(admitted).toEqual(versions.filter((_, at) => signs[at] === "+"));
  });
});

test.each([
  ["blanks", `${"1  ".repeat(170)}!`],
  ["digits", `${"1".repeat(250)} - ${"1".repeat(250)}!`],
  ["identifiers", `1-${"a-.".repeat(165)}!`],
])("no arrangement of %s takes long to refuse", (_, text) => {
  const began = performance.now();
  expect(parseConstraint(text).ok).toBe(false);
  expect(performance.now() - began).toBeLessThan(500);
});

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (!parsed) throw new Error(`${text} is no version`);
  return parsed;
}
