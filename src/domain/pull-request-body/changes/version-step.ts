// The kind of step between two versions.

import { diff, parse, prerelease } from "semver";

/** `release`: from a pre-release of a version to that version. `build`: only the build metadata differs. */
export type VersionStep = "major" | "minor" | "patch" | "pre-release" | "release" | "build";

/**
 * `undefined` when either is no version, such as for a range that the lock does not resolve. A leading `v` is ignored.
 */
export function stepBetween(from: string, to: string): VersionStep | undefined {
  const [one, other] = [parse(from), parse(to)];
  if (!one || !other) return undefined;
  if (one.compareMain(other) === 0 && one.prerelease.length > 0 && other.prerelease.length === 0)
    return "release";
  const step = diff(one, other);
  if (step === null) return "build";
  if (step.endsWith("major")) return "major";
  if (step.endsWith("minor")) return "minor";
  return step === "prerelease" ? "pre-release" : "patch";
}

export function isPreRelease(version: string): boolean {
  return prerelease(version) !== null;
}
