// How large a step is: what `updates` in the config limits.

import type { Version } from "./version.ts";

export type VersionIncrement = "none" | "patch" | "minor" | "major";

/**
 * The left-most of major, minor and patch that differs; a change of the pre-release alone is a patch. Also below 1.0.0,
 * where authors break things in minor steps: what counts is which number moved, as people read it.
 */
export function incrementBetween(from: Version, to: Version): VersionIncrement {
  if (from.major !== to.major) return "major";
  if (from.minor !== to.minor) return "minor";
  return from.patch !== to.patch || from.prerelease !== to.prerelease ? "patch" : "none";
}
