// Which dependencies a pull request moves: those that stand at its head otherwise than on its base, and otherwise than
// where it began. Whatever only the base changed since is not its doing.

import type { SourceLocation } from "../model/problem.ts";
import { type Dependency, type Umbrella, valuesKey } from "../model/umbrella.ts";
import { currentVersion, installedVersion } from "../umbrella/installed-version.ts";
import type { PlacedUmbrella } from "../umbrella/read-umbrella.ts";
import type { Version } from "../versions/version.ts";

export interface MovedEntry {
  readonly dependency: Dependency;
  /** Where its values stand: its alias, or its name. */
  readonly key: string;
  /** False for one that stays where it is, and whose values alone may have changed. */
  readonly moves: boolean;
  /** What the base has now; absent for a new entry, and where neither manifest nor lock says. */
  readonly from?: Version;
  /** The version that Helm will install; absent for a range that no lock resolves. */
  readonly to?: string;
  /** The base has no entry under its key. */
  readonly isNew?: true;
  /** The `repository` text on the base, of the entry or of the chart's others, when it is another one. */
  readonly repositoryBefore?: string;
  /** Where its version is written, below the environment's folder. */
  readonly place: SourceLocation;
}

/** Every entry of the head, in the order of its manifest. `began`, `now`: where the pull request began, and on its base. */
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
 * Where the base has the entry from; one under a key that is new there is another entry of a chart that is there already, if that
 * comes from elsewhere.
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

/** What makes an entry the same: its text and what the lock makes of it. */
function standingOf(umbrella: Umbrella, index: number): string {
  const { name, version, repository } = umbrella.dependencies[index] ?? {};
  return JSON.stringify([name, version, repository, installedVersion(umbrella, index)]);
}
