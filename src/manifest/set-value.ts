// Sets one value in a values file: the smallest change after which Helm reads exactly this value there and everything
// else as before.

import { fail, ok, type Result } from "../model/problem.ts";
import type { Value } from "../model/umbrella.ts";
import { differences, type Plain, plainOf } from "./go-map.ts";
import {
  isMap,
  type Layout,
  plainValue,
  printBlock,
  printInline,
  printInlinePair,
  printPair,
} from "./print-value.ts";
import { readTree } from "./read-tree.ts";
import {
  applySplices,
  contentEnd,
  gapBefore,
  indentOf,
  insertPair,
  isFlowAt,
  lineBreakOf,
  lineEnd,
  type Splice,
  scalarSplice,
} from "./splice.ts";
import { doubledKey, type Step, trail, type ValuePath } from "./value-path.ts";
import { ambiguous, notExact, obstructed } from "./value-problems.ts";
import { dereference, type Mapping, type Node, type Tree } from "./yaml-tree.ts";

/** `value` is a scalar, a list or an empty map; a filled map is set key by key. */
export function setValue(tree: Tree, path: ValuePath, value: Value): Result<string> {
  const before = tree.root === undefined ? null : plainOf(tree.root);
  const wanted = withValue(before, path, plainValue(value));
  if (wanted === undefined) return fail(obstructed(tree, path));
  if (differences(before, wanted).length === 0) return ok(tree.text);
  const doubled = doubledKey(tree, path);
  if (doubled !== undefined) return fail(ambiguous(tree, path, doubled));
  for (const splices of candidates(tree, path, value)) {
    const text = applySplices(tree.text, splices);
    const after = readTree(tree.file, text, "values-invalid");
    if (!after.ok) continue;
    const root = after.value.root === undefined ? null : plainOf(after.value.root);
    if (differences(wanted, root).length === 0) return ok(text);
  }
  return fail(notExact(tree, path));
}

/** How many keys of the path are there already. */
export function depthOf(tree: Tree, path: ValuePath): number {
  return trail(tree, path).length - 1;
}

/** The data with the value in its place; `undefined` when a scalar or a list stands in the way. */
function withValue(data: Plain, [key, ...rest]: ValuePath, value: Plain): Plain | undefined {
  if (key === undefined) {
    if (data instanceof Map && value instanceof Map && value.size === 0) return data;
    return data instanceof Map && data.size > 0 ? undefined : value;
  }
  if (Array.isArray(data)) {
    const item: Plain | undefined = /^\d+$/.test(key) ? data[Number(key)] : undefined;
    const next = item === undefined ? undefined : withValue(item, rest, value);
    return next === undefined ? undefined : data.with(Number(key), next);
  }
  if (data !== null && !(data instanceof Map)) return undefined;
  const next = withValue(data?.get(key) ?? null, rest, value);
  return next === undefined ? undefined : new Map([...(data ?? [])]).set(key, next);
}

/** Ways to write the value, the plainest first: where it stands, then so that only this place moves. */
function* candidates(tree: Tree, path: ValuePath, value: Value): Generator<readonly Splice[]> {
  const steps = trail(tree, path);
  const last = steps.at(-1);
  if (last === undefined) {
    yield [firstPair(tree, nested(path, value))];
    return;
  }
  const rest = path.slice(steps.length - 1);
  yield rest.length === 0 ? [replaced(tree, last.node, value)] : [added(tree, last, nested(rest, value))];
  for (const [index, { node, field, parent }] of steps.entries()) {
    const below = nested(path.slice(index), value);
    if (field !== undefined && parent !== undefined && field.owner !== parent) {
      yield [insert(tree, parent, nested(path.slice(index - 1), value))];
    }
    if (node.kind !== "alias") continue;
    const { start, end } = node;
    if (node.target.kind === "scalar") yield [{ start, end, text: printInline(value, placeAt(tree, start)) }];
    else if (parent !== undefined && isMap(below)) yield [overlaid(tree, { start, end, parent }, below)];
  }
}

function nested(path: ValuePath, value: Value): Value {
  return path.reduceRight<Value>((inner, key) => ({ [key]: inner }), value);
}

function firstPair({ text }: Tree, value: Value): Splice {
  const lineBreak = lineBreakOf(text);
  const gap = text === "" || /[\r\n]$/.test(text) || text === "\ufeff" ? "" : lineBreak;
  const printed = printBlock(value, { indent: "", step: "  ", lineBreak });
  return { start: text.length, end: text.length, text: gap + printed + lineBreak };
}

/** The value itself in another one's place. */
function replaced(tree: Tree, node: Node, value: Value): Splice {
  const target = dereference(node);
  const { text } = tree;
  const place = placeAt(tree, target.start);
  if (target.kind === "sequence" && !target.flow && Array.isArray(value) && value.length > 0) {
    const layout = { ...layoutOf(tree), indent: indentOf(text, target.start) };
    return { start: target.start, end: endOf(text, target), text: printBlock(value, layout) };
  }
  const { start } = target;
  const end = target.kind === "scalar" ? target.end : endOf(text, target);
  if (target.kind === "scalar" && typeof value === "string") return scalarSplice(tree, target, value);
  return { start, end, text: (start === end ? gapBefore(text, start) : "") + printInline(value, place) };
}

/** More keys below a mapping, or below a key that has no value yet. */
function added(tree: Tree, { node, parent }: Step, value: Value): Splice {
  const target = dereference(node);
  const { text } = tree;
  if (target.kind === "mapping") return insert(tree, target, value);
  if (target.start < target.end || parent === undefined || parent.flow) {
    const gap = target.start === target.end ? gapBefore(text, target.start) : "";
    return {
      start: target.start,
      end: target.end,
      text: gap + printInline(value, placeAt(tree, target.start)),
    };
  }
  const layout = layoutOf(tree);
  const indent = indentOf(text, parent.start) + layout.step;
  const at = lineEnd(text, target.start);
  return { start: at, end: at, text: layout.lineBreak + indent + printBlock(value, { ...layout, indent }) };
}

function insert(tree: Tree, mapping: Mapping, value: Value): Splice {
  const [[key, inner] = ["", null]] = isMap(value) ? Object.entries(value) : [];
  return insertPair(tree.text, mapping, (place) =>
    place.kind === "inline"
      ? printInlinePair(key, inner)
      : printPair(key, inner, { ...layoutOf(tree), indent: place.indent }),
  );
}

/** `key: *anchor` becomes a map of its own that takes everything from the anchor but the new value. */
function overlaid(
  tree: Tree,
  { start, end, parent }: { start: number; end: number; parent: Mapping },
  value: { readonly [key: string]: Value },
): Splice {
  const alias = tree.text.slice(start, end);
  const pairs = Object.entries(value);
  if (parent.flow) {
    const inline = pairs.map(([key, inner]) => printInlinePair(key, inner)).join(", ");
    return { start, end, text: `{<<: ${alias}, ${inline}}` };
  }
  const layout = layoutOf(tree);
  const indent = indentOf(tree.text, parent.start) + layout.step;
  const next = layout.lineBreak + indent;
  const lines = [
    `<<: ${alias}`,
    ...pairs.map(([key, inner]) => printPair(key, inner, { ...layout, indent })),
  ];
  return { start: tree.text.slice(0, start).trimEnd().length, end, text: next + lines.join(next) };
}

function placeAt(tree: Tree, index: number): "flow" | "block" {
  return isFlowAt(tree, index) ? "flow" : "block";
}

function endOf(text: string, node: Node): number {
  return contentEnd(text, { key: node, value: node });
}

/** The file's own line break and the width of its first nested mapping. */
function layoutOf({ text, root }: Tree): Layout {
  return { indent: "", step: (root && stepOf(text, root)) ?? "  ", lineBreak: lineBreakOf(text) };
}

function stepOf(text: string, node: Node): string | undefined {
  if (node.kind !== "mapping" || node.flow) return undefined;
  const outer = indentOf(text, node.start);
  for (const { value } of node.pairs) {
    if (value.kind !== "mapping" || value.flow) continue;
    const inner = indentOf(text, value.start);
    if (inner.length > outer.length) return inner.slice(outer.length);
  }
  return undefined;
}
