import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseConstraint, satisfies } from "../../../src/domain/versions/constraint.ts";
import { isExact } from "../../../src/domain/versions/exact.ts";
import { incrementBetween } from "../../../src/domain/versions/increment.ts";
import { parseVersion } from "../../../src/domain/versions/version.ts";
import { widen } from "../../../src/domain/versions/widen.ts";

test.each([
  ["^1.2.0", "2.1.3", "^2.1.3"],
  ["^1.2", "2.1.3", "^2.1"],
  ["^1", "2.1.3", "^2"],
  ["~1.2", "1.3.1", "~1.3"],
  ["~1.2.0", "1.3.1", "~1.3.1"],
  ["~> 1.2", "2.0.0", "~> 2.0"],
  ["1.x", "2.3.4", "2.x"],
  ["1.2.x", "1.3.0", "1.3.x"],
  ["1.2", "1.4.0", "1.4"],
  ["=1.2.3", "1.3.0", "=1.3.0"],
  ["v1.2.3", "1.3.0", "1.3.0"],
  [">=1.0.0 <2.0.0", "2.1.0", ">=1.0.0 <3.0.0"],
  [">=1, <2", "2.1.0", ">=1, <3"],
  [">=1.0.0, <1.5.0", "1.6.2", ">=1.0.0, <1.7.0"],
  [">=1.0.0 <=1.5", "1.6.2", ">=1.0.0 <=1.6"],
  ["1.2 - 2.3", "2.4.1", "1.2 - 2.4"],
  ["1.2.0 - 2.3.0", "3.0.0", "1.2.0 - 3.0.0"],
  ["^1 || ^2", "3.0.0", "^1 || ^2 || ^3"],
  ["^1||^2", "3.0.0", "^1||^2||^3"],
  ["^1 || >=2.0.0 <3.0.0", "3.1.0", "^1 || >=2.0.0 <4.0.0"],
  ["^1 || >=3 <4", "2.5.0", "^1 || >=3 <4 || >=2 <3"],
  ["~> 1.2.3", "1.3.0", "~> 1.3.0"],
  ["=>1.0 =<2.0", "3.1.2", "=>1.0 =<3.1"],
  ["!=1.5.0 <2.0.0", "2.0.0", "!=1.5.0 <3.0.0"],
  ["^1.0.0, <1.8.0", "1.9.0", "^1.0.0, <1.10.0"],
  ["^v1.2.3", "v2.0.0", "^v2.0.0"],
  [" ^1.0.0 ", "2.0.0", " ^2.0.0 "],
  ["1.2.3", "v1.3.0+b1", "v1.3.0+b1"],
])("%p widened to admit %s is %p", (range, version, wider) => {
  expect(widen(range, version)).toBe(wider);
});

test.each([
  ["^1.2.0", "2.0.0-rc.1", "^2.0.0-rc.1"],
  ["~1.2", "1.3.0-rc.1", "~1.3.0-rc.1"],
  ["*", "1.0.0-rc.1", "*-0"],
  ["1.x", "1.5.0-rc.1", "1.x-0"],
  ["1.2", "1.3.0-rc.1", "1.3-0"],
  [">=1.0.0 <2.0.0", "1.5.0-rc.1", ">=1.5.0-rc.1 <2.0.0"],
  [">=1.0.0 <2.0.0", "2.1.0-rc.1", ">=2.1.0-rc.1 <3.0.0"],
  [">=1.0.0-0 <2.0.0-0", "2.1.0-rc.1", ">=1.0.0-0 <3.0.0-0"],
  ["<2.0.0", "1.5.0-rc.1", "<2.0.0-0"],
  ["^1.0.0-0", "2.0.0", "^2.0.0-0"],
])("%p opened to the pre-release %s is %p", (range, version, wider) => {
  expect(widen(range, version)).toBe(wider);
});

test.each([
  ["^3.0.0", "2.5.1", "^2.5.1"],
  [">=3.0.0 <4.0.0", "2.5.0", ">=2.5.0 <3.0.0"],
  [">3.0.0", "2.5.0", ">=2.5.0"],
  ["3.0 - 4.0", "2.5.0", "2.5 - 2.5"],
])("%p lowered to admit %s is %p", (range, version, lower) => {
  expect(widen(range, version)).toBe(lower);
});

test.each([
  ["^1.2.0", "1.9.0"],
  ["*", "1.0.0"],
  ["*-0", "1.0.0-a"],
  ["~1.2 || ~1.3", "1.2.7"],
])("%p admits %s already and stays", (range, version) => {
  expect(widen(range, version)).toBe(range);
});

test.each([
  ["!=2.0.0", "2.0.0"],
  ["not a range", "2.0.0"],
  ["!=1.5.0", "1.6.0-rc.1"],
  ["^1 || !=2.0.0", "2.0.0"],
  ["^1.0.0", "latest"],
])("%s has no way to admit %s", (range, version) => {
  expect(widen(range, version)).toBeUndefined();
});

describe("whatever the range and the version", () => {
  const number = fc.nat({ max: 20 }).map(String);
  const prerelease = fc.constantFrom("", "", "", "-0", "-rc.1");
  const written = fc
    .tuple(fc.array(number, { minLength: 1, maxLength: 3 }), fc.constantFrom("", "", ".x"), prerelease)
    .map(([parts, wild, pre]) => parts.join(".") + (parts.length < 3 ? wild : "") + pre);
  const operator = fc.constantFrom("^", "~", "=", "", "<", "<=", "~>", ">", ">=", "!=", "=>", "=<");
  const comparator = fc.tuple(operator, fc.constantFrom("", " "), written).map((all) => all.join(""));
  const group = fc.oneof(
    fc
      .tuple(fc.array(comparator, { minLength: 1, maxLength: 3 }), fc.constantFrom(" ", ", "))
      .map(([all, and]) => all.join(and)),
    fc.tuple(written, written).map((all) => all.join(" - ")),
  );
  const range = fc.array(group, { minLength: 1, maxLength: 3 }).map((all) => all.join(" || "));
  const version = fc
    .tuple(number, number, number, prerelease)
    .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre}`);

  test("the answer admits the version", () => {
    fc.assert(
      fc.property(range, version, (text, target) => admits(widen(text, target), target) !== false),
      {
        numRuns: 2000,
      },
    );
  });

  test("one comparator that names no version to leave out can always be widened", () => {
    const simple = comparator.filter((text) => !text.startsWith("!="));
    fc.assert(
      fc.property(simple, version, (text, target) => admits(widen(text, target), target) === true),
      {
        numRuns: 2000,
      },
    );
  });

  test("a new alternative takes nothing from the old ones", () => {
    fc.assert(
      fc.property(range, version, version, (text, target, other) => {
        const wider = text.includes("||") ? widen(text, target) : undefined;
        return wider === undefined || admits(text, other) !== true || admits(wider, other) === true;
      }),
      { numRuns: 2000 },
    );
  });
});

function admits(range: string | undefined, version: string): boolean | undefined {
  if (range === undefined) return undefined;
  const [constraint, parsed] = [parseConstraint(range), parseVersion(version)];
  return constraint.ok && parsed !== undefined && satisfies(parsed, constraint.value);
}

test.each([
  ["1.2.3", true],
  ["=1.2.3", true],
  ["= v1.2.3", true],
  ["v1.2.3-rc.1+b", true],
  ["1.2", false],
  ["^1.2.3", false],
  ["1.2.x", false],
  ["", false],
])("%s names one version: %s", (text, exact) => {
  expect(isExact(text)).toBe(exact);
});

test.each([
  ["1.2.3", "1.2.3", "none"],
  ["1.2.3", "1.2.4", "patch"],
  ["1.2.3-rc.1", "1.2.3", "patch"],
  ["1.2.3", "1.3.0", "minor"],
  ["0.2.3", "0.3.0", "minor"],
  ["1.2.3", "2.0.0", "major"],
])("from %s to %s is a step of %s", (from, to, step) => {
  const [a, b] = [parseVersion(from), parseVersion(to)];
  expect(a && b && incrementBetween(a, b)).toBe(step);
});
