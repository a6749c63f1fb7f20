// Which version of a dependency an umbrella chart installs, by its manifest and lock.

import type { LockedDependency, Umbrella } from "../model/umbrella.ts";
import { parseConstraint, satisfies } from "../versions/constraint.ts";
import { isExact } from "../versions/exact.ts";
import { compareVersions, parseVersion, type Version } from "../versions/version.ts";

/**
 * `helm dependency build` installs the locked version (helm/helm pkg/downloader/manager.go Build). A lock that is out
 * of sync with the manifest is rejected there and ignored here: an exact version then stands for itself, and a range is
 * unknown (`undefined`).
 */
export function installedVersion(umbrella: Umbrella, index: number): string | undefined {
  const text = umbrella.dependencies[index]?.version ?? "";
  return lockedVersion(umbrella, index) ?? (isExact(text) ? text.replace(/^=\s*/, "") : undefined);
}

/**
 * The installed version; if it is unknown, the lowest version that the range names, as nothing below it may be
 * proposed. `undefined` when there is neither (`*` without a lock).
 */
export function currentVersion(umbrella: Umbrella, index: number): Version | undefined {
  const installed = installedVersion(umbrella, index);
  const version = installed === undefined ? undefined : parseVersion(installed);
  return version ?? lowest(namedIn(umbrella.dependencies[index]?.version ?? ""));
}

export function lowest(versions: readonly (Version | undefined)[]): Version | undefined {
  return versions.reduce(
    (best, next) => (!best || (next && compareVersions(next, best) < 0) ? next : best),
    undefined,
  );
}

/**
 * The lock's entry at the same index, or else one of the same name; ignored when its version is outside the manifest's
 * range.
 */
function lockedVersion({ dependencies, lock }: Umbrella, index: number): string | undefined {
  const dependency = dependencies[index];
  const constraint = dependency && parseConstraint(dependency.version);
  if (!dependency || !constraint?.ok) return undefined;
  const locked = lock?.dependencies ?? [];
  const fits = ({ name, version: text }: LockedDependency): boolean => {
    const version = parseVersion(text);
    return name === dependency.name && version !== undefined && satisfies(version, constraint.value);
  };
  const here = locked[index];
  return (here && fits(here) ? here : locked.find(fits))?.version;
}

function namedIn(constraint: string): readonly (Version | undefined)[] {
  return (constraint.match(/v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?/g) ?? []).map(parseVersion);
}
