// The version an environment runs now, as far as its manifest and lock tell.

import type { Umbrella } from "../model/umbrella.ts";
import { isExact } from "../versions/exact.ts";
import { compareVersions, parseVersion, type Version } from "../versions/version.ts";

/**
 * An exact version is itself; a range is what the lock says, or, without a lock, the lowest version its text names:
 * below that nothing may be proposed. `undefined` when neither tells (`*` without a lock).
 */
export function currentVersion(umbrella: Umbrella, index: number): Version | undefined {
  const dependency = umbrella.dependencies[index];
  if (!dependency) return undefined;
  if (isExact(dependency.version)) return parseVersion(dependency.version.replace(/^=\s*/, ""));
  const locked = umbrella.lock?.dependencies[index]?.version;
  const version = locked === undefined ? undefined : parseVersion(locked);
  return version ?? lowest(namedIn(dependency.version));
}

export function lowest(versions: readonly (Version | undefined)[]): Version | undefined {
  return versions.reduce(
    (best, next) => (!best || (next && compareVersions(next, best) < 0) ? next : best),
    undefined,
  );
}

function namedIn(constraint: string): readonly (Version | undefined)[] {
  return (constraint.match(/v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?/g) ?? []).map(parseVersion);
}
