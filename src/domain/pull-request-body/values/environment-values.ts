// The values that an environment sets for one chart, each with file and line.

import { readValues } from "../../go-yaml/read-values.ts";
import type { TextFile } from "../facts.ts";
import { isTree, type TreePath, type ValueTree } from "../manifests/tree.ts";
import { type LineLookup, linesBelow } from "./value-lines.ts";

/** A value in a values file: a scalar, a list or an empty map. */
export interface Override {
  /** Relative to the chart's key. */
  readonly path: TreePath;
  readonly value: unknown;
  readonly file: string;
  readonly line: number;
}

export interface EnvironmentValues {
  /** One per path: the last file wins. */
  readonly overrides: readonly Override[];
  /** Files that Helm cannot read. */
  readonly unreadable: readonly string[];
}

const MOST_VALUES = 50_000;
/** Maps nested deeper count as one value. */
const DEEPEST = 100;

/** The values under `key` in these files; later files win. */
export function environmentValues(files: readonly TextFile[], key: string): EnvironmentValues {
  const unreadable: string[] = [];
  let whole: Placed | undefined;
  for (const { path, text } of files) {
    const read = readValues(text);
    if (!read.ok) unreadable.push(path);
    else if (Object.hasOwn(read.value, key)) {
      const at = { file: path, line: linesBelow(key, text) };
      whole = laidOver(whole, placed(read.value[key], [key], at));
    }
  }
  const overrides = whole === undefined ? [] : [...leavesOf(whole, [])].slice(0, MOST_VALUES);
  return { overrides: overrides.filter(({ path }) => path.length > 0), unreadable };
}

interface Place {
  readonly file: string;
  readonly line: number;
}

type Placed =
  | (Place & { readonly kind: "leaf"; readonly value: unknown })
  | (Place & { readonly kind: "map"; readonly entries: Map<string, Placed> });

interface Origin {
  readonly file: string;
  readonly line: LineLookup;
}

function placed(value: unknown, path: TreePath, at: Origin): Placed {
  const place = { file: at.file, line: at.line(path) };
  if (!isTree(value) || path.length > DEEPEST) return { ...place, kind: "leaf", value };
  const entries = Object.entries(value).map(
    ([key, below]) => [key, placed(below, [...path, key], at)] as const,
  );
  return { ...place, kind: "map", entries: new Map(entries) };
}

/** Maps are merged; any other value replaces the one below. */
function laidOver(below: Placed | undefined, above: Placed): Placed {
  if (below?.kind !== "map" || above.kind !== "map") return above;
  for (const [key, value] of above.entries) below.entries.set(key, laidOver(below.entries.get(key), value));
  return below;
}

function* leavesOf(node: Placed, path: TreePath): Iterable<Override> {
  const { file, line } = node;
  if (node.kind === "leaf") yield { path, value: node.value, file, line };
  else if (node.entries.size === 0) yield { path, value: {}, file, line };
  else for (const [key, below] of node.entries) yield* leavesOf(below, [...path, key]);
}

/** The defaults merged with the overrides, as Helm coalesces them: maps are merged, `null` removes a key. */
export function coalesce(defaults: ValueTree, overrides: readonly Override[]): ValueTree {
  return overrides.reduce((tree, { path, value }) => withValue(tree, path, value), defaults);
}

function withValue(tree: ValueTree, [key = "", ...rest]: TreePath, value: unknown): ValueTree {
  if (rest.length > 0) {
    const below = Object.hasOwn(tree, key) ? tree[key] : undefined;
    return { ...tree, [key]: withValue(isTree(below) ? below : {}, rest, value) };
  }
  if (value !== null) return { ...tree, [key]: isEmptyMap(value) && isTree(tree[key]) ? tree[key] : value };
  return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key));
}

function isEmptyMap(value: unknown): boolean {
  return isTree(value) && Object.keys(value).length === 0;
}
