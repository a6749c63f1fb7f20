// Values that the environment sets and whose default the new version removed.

import type { ChartFacts, TextFile } from "../facts.ts";
import { isTree, same, type TreePath, valueAt } from "../manifests/tree.ts";
import { type ChartDefaults, chartDefaults } from "./chart-defaults.ts";
import { compareDefaults, type DefaultChange } from "./defaults.ts";
import { environmentValues, type Override } from "./environment-values.ts";

/** A value that the environment sets, with the key of its chart. */
export interface OwnValue extends Override {
  readonly key: string;
}

export interface ComparedDefaults {
  readonly changes: readonly DefaultChange[];
  readonly after: ChartDefaults;
}

/** `undefined` when one of the versions is missing. Paths whose defaults are unknown in either are not compared. */
export function comparedDefaults(chart: Pick<ChartFacts, "before" | "after">): ComparedDefaults | undefined {
  const [before, after] = [chartDefaults(chart.before), chartDefaults(chart.after)];
  if (before === undefined || after === undefined) return undefined;
  const unknown = [...before.unknown, ...after.unknown];
  const changes = compareDefaults(before.values, after.values).filter(
    ({ path }) => !unknown.some((place) => startsWith(path, place) || startsWith(place, path)),
  );
  return { changes, after };
}

export function ownValues(chart: Pick<ChartFacts, "keys">, files: readonly TextFile[]): readonly OwnValue[] {
  return chart.keys.flatMap((key) =>
    environmentValues(files, key).overrides.map((override) => ({ ...override, key })),
  );
}

export interface LostDefault {
  readonly own: OwnValue;
  readonly gone: Extract<DefaultChange, { kind: "removed" }>;
}

/**
 * Values whose default was removed. A parent that is now an empty map or no map is for users to fill in: the removed
 * values were examples.
 */
export function lostDefaults(
  { changes, after }: ComparedDefaults,
  own: readonly OwnValue[],
): readonly LostDefault[] {
  const removed = new Map(
    changes.flatMap((change) =>
      change.kind === "removed" ? [[JSON.stringify(change.path), change] as const] : [],
    ),
  );
  return own.flatMap((one) => {
    if (one.value === null) return [];
    const gone = prefixesOf(one.path)
      .map((path) => removed.get(JSON.stringify(path)))
      .find((found) => found !== undefined);
    return gone === undefined || isToFillIn(after, gone.path) ? [] : [{ own: one, gone }];
  });
}

/** All prefixes of the path, shortest first, with the path itself. */
export function prefixesOf(path: TreePath): readonly TreePath[] {
  return path.map((_, index) => path.slice(0, index + 1));
}

function isToFillIn({ values, subcharts }: ChartDefaults, path: TreePath): boolean {
  const above = path.slice(0, -1);
  const holder = valueAt(values, above);
  if (above.length === 0 || subcharts.has(JSON.stringify(above))) return false;
  return !isTree(holder) || same(holder, {});
}

function startsWith(path: TreePath, prefix: TreePath): boolean {
  return prefix.every((key, index) => path[index] === key);
}
