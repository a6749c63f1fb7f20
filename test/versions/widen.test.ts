import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseConstraint, satisfies } from "../../src/versions/constraint.ts";
import { isExact } from "../../src/versions/exact.ts";
import { stepBetween } from "../../src/versions/step.ts";
import { parseVersion } from "../../src/versions/version.ts";
import { widen } from "../../src/versions/widen.ts";

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
  ["^1.2.0", "2.0.0-rc.1", "^2.0.0-rc.1"],
])("%s widened to admit %s is %s", (range, version, wider) => {
  expect(widen(range, version)).toBe(wider);
});

test.each([
  ["!=2.0.0", "2.0.0"],
  ["not a range", "2.0.0"],
  [">=3.0.0", "2.0.0"],
  ["^1.0.0", "latest"],
])("%s has no way to admit %s", (range, version) => {
  expect(widen(range, version)).toBeUndefined();
});

test("whatever widening answers admits the version", () => {
  const number = fc.nat({ max: 20 });
  const range = fc
    .tuple(
      fc.constantFrom("^", "~", "=", "", "<", "<=", "~>"),
      fc.array(number, { minLength: 1, maxLength: 3 }),
    )
    .map(([operator, parts]) => operator + parts.join("."));
  fc.assert(
    fc.property(range, fc.tuple(number, number, number), (text, parts) => {
      const version = parts.join(".");
      const wider = widen(text, version);
      if (wider === undefined) return;
      const [constraint, parsed] = [parseConstraint(wider), parseVersion(version)];
      expect(constraint.ok && parsed && satisfies(parsed, constraint.value)).toBe(true);
    }),
  );
});

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
  expect(a && b && stepBetween(a, b)).toBe(step);
});
