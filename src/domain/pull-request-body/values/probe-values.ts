// Values files that are laid over the environment's to find out which of its values have no effect.

import type { ChartFacts, TextFile } from "../facts.ts";
import { isTree, type TreePath } from "../manifests/tree.ts";
import { comparedDefaults, lostDefaults, type OwnValue, ownValues } from "./lost-defaults.ts";

/** The values to probe: those whose default the new version of any of the charts removed. */
export function valuesToProbe(
  charts: readonly Pick<ChartFacts, "keys" | "before" | "after">[],
  files: readonly TextFile[],
): readonly OwnValue[] {
  return charts.flatMap((chart) => {
    const compared = comparedDefaults(chart);
    return compared === undefined
      ? []
      : lostDefaults(compared, ownValues(chart, files)).map(({ own }) => own);
  });
}

/** A values file (JSON) that removes all of these values. */
export function withoutValues(values: readonly OwnValue[]): string {
  return overlay(values, () => null);
}

/** A values file (JSON) that replaces each of these with another value of the same type. */
export function withOtherValues(values: readonly OwnValue[]): string {
  return overlay(values, ({ value }) => otherThan(value));
}

/** The path from the top of the values file: the chart's key comes first. */
export function wholePath({ key, path }: Pick<OwnValue, "key" | "path">): TreePath {
  return [key, ...path];
}

function otherThan(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return `${value}-x`;
  if (Array.isArray(value)) return value.length === 0 ? ["x"] : [];
  return { x: "x" };
}

interface Growing {
  [key: string]: unknown;
}

function overlay(values: readonly OwnValue[], make: (value: OwnValue) => unknown): string {
  const root: Growing = Object.create(null);
  for (const value of values) put(root, wholePath(value), make(value));
  return JSON.stringify(root);
}

function put(root: Growing, path: TreePath, value: unknown): void {
  let node = root;
  for (const key of path.slice(0, -1)) {
    const below = node[key];
    const next: Growing = isGrowing(below) ? below : Object.create(null);
    node[key] = next;
    node = next;
  }
  node[path.at(-1) ?? ""] = value;
}

function isGrowing(value: unknown): value is Growing {
  return isTree(value);
}
