// Which dependencies a pull request changes: those that differ at the head from both the base and the merge base.
// Changes on the base alone are not the pull request's.

import type { SourceLocation } from "../model/problem.ts";
import { type Dependency, type Umbrella, valuesKey } from "../model/umbrella.ts";
import { currentVersion, installedVersion } from "../umbrella/installed-version.ts";
import type { PlacedUmbrella } from "../umbrella/read-umbrella.ts";
import type { Version } from "../versions/version.ts";

export interface MovedEntry {
  readonly dependency: Dependency;
  /** Key of its values: its alias, or its name. */
  readonly key: string;
  /** False for an entry whose version stays, and of which only the values may have changed. */
  readonly moves: boolean;
  /** The version on the base; absent for a new entry, and when neither manifest nor lock gives it. */
  readonly from?: Version;
  /** The version that Helm will install; absent for a range that the lock does not resolve. */
  readonly to?: string;
  /** The base has no entry with this key. */
  readonly isNew?: true;
  /** The `repository` text on the base, of this entry or of the chart's others, if it differs. */
  readonly repositoryBefore?: string;
  /** Where its version is written, relative to the environment's folder. */
  readonly place: SourceLocation;
}

/** Every entry of the head, in the order of its manifest. `began`: at the merge base; `now`: on the base. */
export function movedEntries(
  { umbrella, places }: PlacedUmbrella,
  { began, now }: { readonly began?: Umbrella; readonly now?: Umbrella },
): readonly MovedEntry[] {
  return umbrella.dependencies.map((dependency, index): MovedEntry => {
    const key = valuesKey(dependency);
    const to = installedVersion(umbrella, index);
    const before = now?.dependencies.findIndex((other) => valuesKey(other) === key) ?? -1;
    const from = now && before >= 0 ? currentVersion(now, before) : undefined;
    const repositoryBefore = now && repositoryIn(now, before, dependency);
    const standing = standingOf(umbrella, index);
    const moves = standing !== standingIn(now, key) && standing !== standingIn(began, key);
    return {
      dependency,
      key,
      moves,
      ...(from && { from }),
      ...(to !== undefined && { to }),
      ...(repositoryBefore !== undefined &&
        repositoryBefore !== dependency.repository && { repositoryBefore }),
      ...(now && before < 0 && { isNew: true }),
      place: places[index] ?? { file: umbrella.manifest },
    };
  });
}

/**
 * The entry's `repository` on the base; for an entry with a new key, that of the chart's other entries, if it differs.
 */
function repositoryIn(
  { dependencies }: Umbrella,
  index: number,
  { name, repository }: Dependency,
): string | undefined {
  if (index >= 0) return dependencies[index]?.repository;
  const namesakes = dependencies.filter((other) => other.name === name);
  return (namesakes.find((other) => other.repository === repository) ?? namesakes[0])?.repository;
}

function standingIn(umbrella: Umbrella | undefined, key: string): string | undefined {
  const index = umbrella?.dependencies.findIndex((dependency) => valuesKey(dependency) === key) ?? -1;
  return umbrella && index >= 0 ? standingOf(umbrella, index) : undefined;
}

/** What an entry is compared by: its own text and its locked version. */
function standingOf(umbrella: Umbrella, index: number): string {
  const { name, version, repository } = umbrella.dependencies[index] ?? {};
  return JSON.stringify([name, version, repository, installedVersion(umbrella, index)]);
}
