// Constraints as Helm reads them: Masterminds/semver v3.5, constraints.go. They differ from npm's ranges: commas are
// "and", `!=`, `=>` and `=<` exist, an empty text is an error, and one pre-release in an "and" group opens the whole
// group to them.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import { compareVersions, parseVersion, type Version } from "./version.ts";

export type Operator = "" | "=" | "!=" | ">" | "<" | ">=" | "=>" | "<=" | "=<" | "~" | "~>" | "^";

/** Which part of a comparator's version was left out or a wildcard, with all after it. */
export type Wildcard = "none" | "major" | "minor" | "patch";

export interface Comparator {
  readonly operator: Operator;
  /** Parts under a wildcard are zero. */
  readonly version: Version;
  readonly wildcard: Wildcard;
}

export interface Constraint {
  readonly text: string;
  /** Alternatives of comparators that all have to hold. */
  readonly groups: readonly (readonly Comparator[])[];
}

const OPERATOR = "=|!=|>|<|>=|=>|<=|=<|~|~>|\\^";
const PART = "[0-9xX*|]+";
const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const LOOSE = `v?(${PART})(\\.${PART})?(\\.${PART})?(-${IDENTIFIERS})?(?:\\+${IDENTIFIERS})?`;
const COMPARATOR = new RegExp(`^(${OPERATOR})?(${LOOSE})$`);

/** Go's `\s`, which is narrower than JavaScript's. */
const BLANK = "[\\t\\n\\f\\r ]";
const HYPHEN = new RegExp(`${BLANK}*(${LOOSE})${BLANK}+-${BLANK}+(${LOOSE})${BLANK}*`, "g");
const AFTER_OPERATOR = new RegExp(`(?<=[=!<>~^])${BLANK}+(?=[v0-9xX*|])`, "g");
const AROUND = new RegExp(`^${BLANK}+|${BLANK}+$`, "g");
const AND = new RegExp(`${BLANK}*,${BLANK}*|${BLANK}+`);

/** Masterminds' own limits, in bytes and in alternatives. */
const LONGEST = 512;
const MOST_GROUPS = 32;

/** In time that grows with the square of the length at most. Fails with `range-invalid`. */
export function parseConstraint(text: string): Result<Constraint> {
  if (new TextEncoder().encode(text).length > LONGEST) return fail(improper(`${text.slice(0, 40)}…`));
  const written = withoutHyphens(text).split("||");
  if (written.length > MOST_GROUPS) return fail(improper(text));
  const groups: (readonly Comparator[])[] = [];
  for (const alternative of written) {
    const group = parseGroup(alternative);
    if (!group) return fail(improper(text));
    groups.push(group);
  }
  return ok({ text, groups });
}

export function satisfies(version: Version, { groups }: Constraint): boolean {
  return groups.some((group) => {
    const prereleases = group.some((comparator) => comparator.version.prerelease !== "");
    if (version.prerelease !== "" && !prereleases) return false;
    return group.every((comparator) => holds(version, comparator));
  });
}

/**
 * `a - b` is `>= a, <= b`. As a part may hold a `|`, a hyphen range right behind `||` is broken here as it is in Helm.
 */
function withoutHyphens(text: string): string {
  return [...text.matchAll(HYPHEN)].reduce(
    (rest, [whole, from = "", , , , , to = ""]) => rest.replace(whole, () => `>= ${from}, <= ${to} `),
    text,
  );
}

/** Blanks behind an operator belong to it, all others and commas stand between comparators. */
function parseGroup(text: string): readonly Comparator[] | undefined {
  const pieces = text.replace(AROUND, "").replace(AFTER_OPERATOR, "").split(AND);
  const comparators = pieces.map(parseComparator);
  return comparators.every((comparator) => comparator !== undefined) ? comparators : undefined;
}

function parseComparator(text: string): Comparator | undefined {
  const match = COMPARATOR.exec(text);
  if (!match) return undefined;
  const [, operator = "", whole = "", major = "", minor, patch, prerelease = ""] = match;
  const wildcard = wildcardOf(major, minor, patch);
  const texts = {
    none: whole,
    major: `0.0.0${prerelease}`,
    minor: `${major}.0.0${prerelease}`,
    patch: `${major}${minor}.0${prerelease}`,
  };
  const version = parseVersion(texts[wildcard]);
  return version && isOperator(operator) ? { operator, version, wildcard } : undefined;
}

function wildcardOf(major: string, minor: string | undefined, patch: string | undefined): Wildcard {
  if (isWild(major)) return "major";
  if (minor === undefined || isWild(minor.slice(1))) return "minor";
  return patch === undefined || isWild(patch.slice(1)) ? "patch" : "none";
}

function isWild(part: string): boolean {
  return part === "x" || part === "X" || part === "*";
}

function isOperator(text: string): text is Operator {
  return ["", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"].includes(text);
}

/** Leaves out whether pre-releases are let in at all, which the whole group decides. */
export function holds(version: Version, comparator: Comparator): boolean {
  switch (comparator.operator) {
    case "":
    case "=":
      return comparator.wildcard === "none" ? equal(version, comparator.version) : tilde(version, comparator);
    case "!=":
      return notEqual(version, comparator);
    case ">":
      return greater(version, comparator);
    case "<":
      return compareVersions(version, comparator.version) < 0;
    case ">=":
    case "=>":
      return compareVersions(version, comparator.version) >= 0;
    case "<=":
    case "=<":
      return atMost(version, comparator);
    case "~":
    case "~>":
      return tilde(version, comparator);
    case "^":
      return caret(version, comparator);
  }
}

function equal(a: Version, b: Version): boolean {
  return compareVersions(a, b) === 0;
}

/** `!=1.x`: any other major; `!=1.2.x`: any other minor, and any other pre-release of that one. */
function notEqual(version: Version, { version: other, wildcard }: Comparator): boolean {
  if (wildcard === "none" || wildcard === "major") return !equal(version, other);
  if (version.major !== other.major) return true;
  if (wildcard === "minor") return false;
  return version.minor !== other.minor || version.prerelease !== other.prerelease;
}

/** `>11` needs 12, `>11.1` needs 11.2. */
function greater(version: Version, { version: other, wildcard }: Comparator): boolean {
  if (wildcard === "none" || wildcard === "major") return compareVersions(version, other) > 0;
  if (version.major !== other.major) return version.major > other.major;
  return wildcard === "patch" && version.minor > other.minor;
}

/** `<=11` admits all of 11, `<=11.1` all of 11.1. */
function atMost(version: Version, { version: other, wildcard }: Comparator): boolean {
  if (wildcard === "none") return compareVersions(version, other) <= 0;
  if (version.major > other.major) return false;
  return !(version.major === other.major && version.minor > other.minor && wildcard !== "minor");
}

/** `~0.0.0` admits everything above it. */
function tilde(version: Version, { version: from, wildcard }: Comparator): boolean {
  if (compareVersions(version, from) < 0) return false;
  const zero = from.major === 0n && from.minor === 0n && from.patch === 0n;
  if (zero && wildcard !== "minor" && wildcard !== "patch") return true;
  if (version.major !== from.major) return false;
  return version.minor === from.minor || wildcard === "minor";
}

/** The left-most part that is not zero stays. */
function caret(version: Version, { version: from, wildcard }: Comparator): boolean {
  if (compareVersions(version, from) < 0) return false;
  if (from.major > 0n || wildcard === "minor") return version.major === from.major;
  if (version.major > 0n) return false;
  if (from.minor > 0n || wildcard === "patch") return version.minor === from.minor;
  return version.minor === 0n && version.patch === from.patch;
}

function improper(text: string): Problem {
  return {
    code: "range-invalid",
    message: `"${text}" is not a version constraint that Helm understands.`,
    help: "Write it as Helm reads it: 1.2.3, ~1.2, ^1.2.0, 1.x, >=1.0.0 <2.0.0, 1.2 - 2.3, ^1 || ^2.",
  };
}
