// The kind of increment between two versions: what `updates` in the config limits.

import type { Version } from "./version.ts";

export type VersionIncrement = "none" | "patch" | "minor" | "major";

/**
 * The leftmost of major, minor and patch that differs; a change of the pre-release alone is a patch. The same below
 * 1.0.0, although authors break compatibility in minor versions there: people read the number that changed.
 */
export function incrementBetween(from: Version, to: Version): VersionIncrement {
  if (from.major !== to.major) return "major";
  if (from.minor !== to.minor) return "minor";
  return from.patch !== to.patch || from.prerelease !== to.prerelease ? "patch" : "none";
}
