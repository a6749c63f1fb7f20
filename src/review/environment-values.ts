// What an environment sets for one chart, and where: every value with its file and line.

import { Alias, type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
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

function valuesIn({ path, text }: TextFile, key: string): readonly Override[] | undefined {
  const lineCounter = new LineCounter();
  // Helm reads values the way YAML 1.1 does: `yes` is true, `<<` merges, a repeated key overrules.
  const document = parseDocument(text, { version: "1.1", merge: true, uniqueKeys: false, lineCounter });
  if (document.errors.length > 0) return undefined;
  const found: Override[] = [];
  const visit = (node: Node | null | undefined, at: Path, start: number): void => {
    if (found.length >= MOST_VALUES) return;
    const target = node instanceof Alias ? node.resolve(document) : node;
    if (isMap(target) && target.items.length > 0) {
      for (const { key: name, value } of target.items) {
        const position = isScalar(name) ? (name.range?.[0] ?? start) : start;
        visit(nodeOf(value), [...at, keyText(name)], position);
      }
    } else
      found.push({
        path: at,
        value: plain(target, document),
        file: path,
        line: lineCounter.linePos(start).line,
      });
  };
  const below = document.get(key, true);
  if (below !== undefined) visit(nodeOf(below), [], lineOfKey(document, key));
  return found.filter(({ path: at }) => at.length > 0);
}

function nodeOf(value: unknown): Node | undefined {
  return isScalar(value) || isMap(value) || value instanceof Alias || isNodeLike(value) ? value : undefined;
}

function isNodeLike(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "toJS" in value;
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function lineOfKey(document: Document, key: string): number {
  const pair = isMap(document.contents)
    ? document.contents.items.find(({ key: name }) => keyText(name) === key)
    : undefined;
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

function plain(node: Node | null | undefined, document: Document): unknown {
  return node === null || node === undefined ? null : node.toJS(document, { maxAliasCount: 100 });
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
