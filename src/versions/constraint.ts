// Constraints as Helm reads them: Masterminds/semver v3.5, constraints.go. They differ from npm's ranges: commas are "and",
// `!=`, `=>` and `=<` exist, an empty text is an error, and one pre-release in an "and" group opens the whole group to them.

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

const OPERATOR = "(=|!=|>|<|>=|=>|<=|=<|~|~>|\\^)?";
const PART = "[0-9xX*|]+";
const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const LOOSE = `v?(${PART})(\\.${PART})?(\\.${PART})?(-${IDENTIFIERS})?(\\+${IDENTIFIERS})?`;
const COMPARATOR = new RegExp(`^\\s*${OPERATOR}\\s*(${LOOSE})\\s*$`);
const GROUP = new RegExp(
  `^(?:\\s*${OPERATOR}\\s*${LOOSE}\\s*)(?:(?:\\s+|,\\s*)(?:\\s*${OPERATOR}\\s*${LOOSE}\\s*))*$`,
);
const EACH = new RegExp(`${OPERATOR}\\s*(${LOOSE})`, "g");
const HYPHEN = new RegExp(`\\s*(${LOOSE})\\s+-\\s+(${LOOSE})\\s*`, "g");

/** Longer than any that a person writes; keeps the patterns below from being made to work hard. */
const LONGEST = 512;

/** Fails with `range-invalid`. */
export function parseConstraint(text: string): Result<Constraint> {
  if (text.length > LONGEST) return fail(improper(`${text.slice(0, 40)}…`));
  const groups: (readonly Comparator[])[] = [];
  for (const written of text.split("||")) {
    const group = parseGroup(written.replace(HYPHEN, hyphenRange));
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

function hyphenRange(_whole: string, ...parts: readonly string[]): string {
  return `>= ${parts[0]}, <= ${parts[6]} `;
}

function parseGroup(text: string): readonly Comparator[] | undefined {
  if (!GROUP.test(text)) return undefined;
  const comparators = (text.match(EACH) ?? []).map(parseComparator);
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

function holds(version: Version, comparator: Comparator): boolean {
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

/** `!=1.x`: any other major; `!=1.2.x`: any other minor. */
function notEqual(version: Version, { version: other, wildcard }: Comparator): boolean {
  if (wildcard === "none" || wildcard === "major") {
    return wildcard === "major" && (version.major !== 0n || version.minor !== 0n || version.patch !== 0n)
      ? true
      : !equal(version, other);
  }
  if (version.major !== other.major) return true;
  if (wildcard === "minor") return false;
  if (version.minor !== other.minor) return true;
  const prereleases = version.prerelease !== "" || other.prerelease !== "";
  if (version.patch !== other.patch) return prereleases && version.prerelease !== other.prerelease;
  return prereleases && version.prerelease !== other.prerelease;
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
