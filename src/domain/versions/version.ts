// Versions as Helm reads them: Masterminds/semver's lenient NewVersion (github.com/Masterminds/semver v3.5,
// version.go).

import semver from "semver";

export interface Version {
  /** As written, with a `v` and with parts left out. */
  readonly original: string;
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Without the hyphen; empty for a release. */
  readonly prerelease: string;
  /** Build metadata without the plus sign; never counts in an order. */
  readonly metadata: string;
}

const LOOSE =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const MOST = 2n ** 64n - 1n;
/** Masterminds' MaxVersionLen. */
const LONGEST = 256;

/** `1`, `1.2` and `v1.2.3` are versions, leading zeros count; `V1`, blanks, four parts and `1.2.3-01` are not. */
export function parseVersion(text: string): Version | undefined {
  const match = text.length > LONGEST ? null : LOOSE.exec(text);
  if (!match) return undefined;
  const [, major = "0", minor = "0", patch = "0", prerelease = "", metadata = ""] = match;
  const numbers = [major, minor, patch].map(BigInt);
  if (numbers.some((number) => number > MOST)) return undefined;
  if (prerelease.split(".").some((part) => /^0[0-9]+$/.test(part))) return undefined;
  const [a = 0n, b = 0n, c = 0n] = numbers;
  return { original: text, major: a, minor: b, patch: c, prerelease, metadata };
}

/** Precedence of Semantic Versioning 2.0.0 §11: negative, zero or positive. Build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareNumbers(a.major, b.major) ||
    compareNumbers(a.minor, b.minor) ||
    compareNumbers(a.patch, b.patch) ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? 1 : -1;
  const [left, right] = [a.split("."), b.split(".")];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at], right[at]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const order = compareIdentifiers(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** npm's semver counts in doubles; Masterminds counts in 64 bits, and compares still longer numbers as texts. */
function compareIdentifiers(one: string, other: string): number {
  if (Math.max(one.length, other.length) <= DIGITS_OF_A_DOUBLE) return semver.compareIdentifiers(one, other);
  const [a, b] = [uint64(one), uint64(other)];
  if (a !== undefined && b !== undefined) return compareNumbers(a, b);
  if (a === undefined && b === undefined) return one < other ? -1 : one > other ? 1 : 0;
  return a === undefined ? 1 : -1;
}

const DIGITS_OF_A_DOUBLE = 15;

function uint64(text: string): bigint | undefined {
  const number = /^[0-9]+$/.test(text) ? BigInt(text) : undefined;
  return number !== undefined && number <= MOST ? number : undefined;
}

function compareNumbers(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
