// What an environment sets for one chart, and where: every value with its file and line.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
} from "yaml";
import type { TextFile } from "./facts.ts";
import { isTree, type Path, type Tree } from "./tree.ts";

/** A value that stands in a values file: a scalar, a list or an empty map. */
export interface Override {
  /** Below the chart's key. */
  readonly path: Path;
  readonly value: unknown;
  readonly file: string;
  readonly line: number;
}

export interface EnvironmentValues {
  /** The last file's word for every path. */
  readonly overrides: readonly Override[];
  /** Files that are no YAML. */
  readonly unreadable: readonly string[];
}

const MOST_VALUES = 50_000;

/** The values below `key` in these files, a later file winning over an earlier one. */
export function environmentValues(files: readonly TextFile[], key: string): EnvironmentValues {
  const overrides = new Map<string, Override>();
  const unreadable: string[] = [];
  for (const file of files) {
    const found = valuesIn(file, key);
    if (found === undefined) unreadable.push(file.path);
    for (const override of found ?? []) {
      forgetOverruled(overrides, override.path);
      overrides.set(JSON.stringify(override.path), override);
    }
  }
  return { overrides: [...overrides.values()], unreadable };
}

/** A value takes the place of everything below it and of a plain value above it. */
function forgetOverruled(overrides: Map<string, Override>, path: Path): void {
  for (let length = 1; length < path.length; length += 1)
    overrides.delete(JSON.stringify(path.slice(0, length)));
  const prefix = `${JSON.stringify(path).slice(0, -1)},`;
  for (const known of overrides.keys()) if (known.startsWith(prefix)) overrides.delete(known);
}

/** `undefined` when the file is no YAML. */
function valuesIn({ path: file, text }: TextFile, key: string): readonly Override[] | undefined {
  const lineCounter = new LineCounter();
  // Helm reads values the way YAML 1.1 does: `yes` is true, `<<` merges, a repeated key overrules.
  const document = parseDocument(text, { version: "1.1", merge: true, uniqueKeys: false, lineCounter });
  if (document.errors.length > 0) return undefined;
  return leavesBelow(document, key)
    .filter(({ path }) => path.length > 0)
    .map(({ path, node, offset }) => ({
      path,
      value: plain(node, document),
      file,
      line: lineCounter.linePos(offset).line,
    }));
}

interface Leaf {
  readonly path: Path;
  readonly node: unknown;
  /** Where its key stands in the text. */
  readonly offset: number;
}

function leavesBelow(document: Document, key: string): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const visit = ({ path, node, offset }: Leaf): void => {
    if (leaves.length >= MOST_VALUES) return;
    const target = isAlias(node) ? node.resolve(document) : node;
    if (!isMap(target) || target.items.length === 0) leaves.push({ path, node: target, offset });
    else for (const pair of target.items) for (const below of leavesOf(pair, { path, offset })) visit(below);
  };
  const root = isMap(document.contents) ? document.contents.items : [];
  for (const pair of root)
    if (keyText(pair.key) === key) visit({ path: [], node: pair.value, offset: offsetOf(pair.key, 0) });
  return leaves;
}

/** A merge (`<<`) puts what it names in its own place; of several the first wins, so it is laid down last. */
function leavesOf({ key, value }: Pair, { path, offset }: Omit<Leaf, "node">): readonly Leaf[] {
  const at = offsetOf(key, offset);
  if (keyText(key) !== "<<") return [{ path: [...path, keyText(key)], node: value, offset: at }];
  const merged: readonly unknown[] = isSeq(value) ? value.items.toReversed() : [value];
  return merged.map((node) => ({ path, node, offset: at }));
}

/** The merge key comes as a symbol of the parser's. */
function keyText(key: unknown): string {
  const value = isScalar(key) ? key.value : key;
  return typeof value === "symbol" ? (value.description ?? "") : String(value);
}

function offsetOf(key: unknown, otherwise: number): number {
  return isScalar(key) ? (key.range?.[0] ?? otherwise) : otherwise;
}

function plain(node: unknown, document: Document): unknown {
  return isNode(node) ? node.toJS(document, { maxAliasCount: 100 }) : null;
}

/** The defaults with the overrides laid over them, as Helm coalesces them: maps are merged, `null` takes a key away. */
export function coalesce(defaults: Tree, overrides: readonly Override[]): Tree {
  return overrides.reduce((tree, { path, value }) => withValue(tree, path, value), defaults);
}

function withValue(tree: Tree, [key = "", ...rest]: Path, value: unknown): Tree {
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
