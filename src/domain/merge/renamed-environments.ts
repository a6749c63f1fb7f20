// Environments that got another name: recognised by their folder, or by what is in it when the folder moved as well.

import type { Config, Environment } from "../model/config/config.ts";
import type { FolderEntries } from "../model/github/merge.ts";
import { CHART_FILES, MANIFEST_FILES } from "../model/umbrella.ts";

/** Environments whose name left the config, or came to it, without another one in the same folder. */
export interface Unpaired {
  readonly left: readonly Environment[];
  readonly come: readonly Environment[];
}

/** `renamed`: by new name, the environment of the earlier config. */
export interface Renaming extends Unpaired {
  readonly renamed: ReadonlyMap<string, Environment>;
}

/** Pairs those that stayed in their folder. */
export function renamedInPlace(
  { environments: before }: Pick<Config, "environments">,
  { environments: now }: Pick<Config, "environments">,
): Renaming {
  const left = without(before, now);
  const come = without(now, before);
  const renamed = new Map(
    come.flatMap(({ name, branch, path }) => {
      const earlier = left.find((one) => one.branch === branch && one.path === path);
      return earlier ? [[name, earlier] as const] : [];
    }),
  );
  const paired = new Set(renamed.values());
  return {
    renamed,
    left: left.filter((one) => !paired.has(one)),
    come: come.filter(({ name }) => !renamed.has(name)),
  };
}

/** Entries of the folders by environment: of the earlier ones before, and of both after. */
export interface MovedEntries {
  readonly before: ReadonlyMap<string, FolderEntries>;
  readonly after: ReadonlyMap<string, FolderEntries>;
}

/**
 * Pairs those whose folder moved, as Git does with renamed folders: half of what was in it is unchanged, and neither has
 * as much in common with another one. A folder that still holds an umbrella chart did not move.
 */
export function renamedWithFolder(
  { left, come }: Unpaired,
  { before, after }: MovedEntries,
): ReadonlyMap<string, Environment> {
  const moved = left.filter(({ name }) => !CHART_FILES.some((file) => after.get(name)?.has(file)));
  const common = (earlier: Environment, now: Environment) =>
    earlier.branch === now.branch ? kept(before.get(earlier.name), after.get(now.name)) : 0;
  return new Map(
    come.flatMap((now) => {
      const earlier = onlyMost(moved, (one) => common(one, now));
      const isMutual = earlier && onlyMost(come, (one) => common(earlier, one)) === now;
      return isMutual ? [[now.name, earlier] as const] : [];
    }),
  );
}

/**
 * How much stayed in the folder; 0 when it is less than half. Manifests and locks decide only between folders that are
 * equal otherwise: a promotion makes them equal to those of the environment upstream.
 */
function kept(before: FolderEntries = new Map(), after: FolderEntries = new Map()): number {
  const { manifests = [], others = [] } = Object.groupBy(before, ([name]) =>
    MANIFEST_FILES.includes(name) ? "manifests" : "others",
  );
  const countSame = (some: typeof others) => some.filter(([name, oid]) => after.get(name) === oid).length;
  const decisive = others.length > 0 ? others : manifests;
  if (countSame(decisive) * 2 < decisive.length) return 0;
  return countSame(others) * (MANIFEST_FILES.length + 1) + countSame(manifests);
}

/** `undefined` when all are 0, or several share the highest number. */
function onlyMost<One>(some: readonly One[], count: (one: One) => number): One | undefined {
  const most = Math.max(1, ...some.map(count));
  const [only, other] = some.filter((one) => count(one) === most);
  return other === undefined ? only : undefined;
}

function without(some: readonly Environment[], others: readonly Environment[]): readonly Environment[] {
  return some.filter(({ name }) => others.every((one) => one.name !== name));
}
