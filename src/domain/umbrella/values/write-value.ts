// Possible edits that write a value into a values file; none of them is proved here.

import type { Value, ValuePath } from "../../model/umbrella.ts";
import { plainOf } from "../yaml/go-map.ts";
import { gapBefore, indentOf, lineEnd, type Splice, surroundingsAt } from "../yaml/splice.ts";
import { dereference, type Mapping, type Node, type YamlTree } from "../yaml/yaml-tree.ts";
import { anchorsHandedOn } from "./hand-anchors-on.ts";
import {
  insertItem,
  insertKeys,
  insertKeysBehindBlock,
  insertKeysInFront,
  layoutOf,
} from "./insert-value.ts";
import { apart } from "./part-value.ts";
import { isMap, printBlock, printInline } from "./print-value.ts";
import { inPlace } from "./replace-value.ts";
import type { ValueCandidate } from "./value-candidate.ts";
import { nested, type PathStep, trail } from "./value-path.ts";

/** The simplest first: replacing the value in place, then edits that detach it from shared content. */
export function* candidates(tree: YamlTree, path: ValuePath, value: Value): Generator<ValueCandidate> {
  const steps = trail(tree, path);
  const last = steps.at(-1);
  if (last === undefined || (steps.length === 1 && isNothing(last))) {
    yield { splices: [firstPair(tree, last, nested(path, value))], notes: [] };
    return;
  }
  yield* simply(tree, { last, rest: path.slice(steps.length - 1) }, value);
  for (const [index, step] of steps.entries()) yield* apart(tree, step, { path, index, value });
}

/** Last resort for a value inside of anchored content. */
export function* lastCandidates(tree: YamlTree, path: ValuePath, value: Value): Generator<ValueCandidate> {
  const steps = trail(tree, path);
  const last = steps.at(-1);
  if (last === undefined) return;
  yield* anchorsHandedOn(tree, steps, simply(tree, { last, rest: path.slice(steps.length - 1) }, value));
}

interface Reached {
  readonly last: PathStep;
  /** The path steps that do not exist yet. */
  readonly rest: ValuePath;
}

function* simply(tree: YamlTree, { last, rest }: Reached, value: Value): Generator<ValueCandidate> {
  if (rest.length === 0) yield* inPlace(tree, last, value);
  else for (const splice of added(tree, last, nested(rest, value))) yield { splices: [splice], notes: [] };
}

function isNothing({ node }: PathStep): boolean {
  return node.kind === "scalar" && node.style === "plain" && plainOf(node) === null;
}

/** After the comments of an empty document, before the marker that ends it. */
function firstPair(tree: YamlTree, root: PathStep | undefined, value: Value): Splice {
  const { text } = tree;
  const { lineBreak } = layoutOf(tree);
  const printed = printBlock(value, { indent: "", step: "  ", lineBreak });
  if (root !== undefined && root.node.start < root.node.end)
    return { start: root.node.start, end: root.node.end, text: printed };
  const end = documentEnd(text);
  const gap =
    end === 0 || /[\r\n]$/.test(text.slice(0, end)) || text.slice(0, end) === "\ufeff" ? "" : lineBreak;
  return { start: end, end, text: gap + printed + lineBreak };
}

/** Where the first document ends: at a second `---`, or at `...`. */
function documentEnd(text: string): number {
  const marks = [...text.matchAll(/^\ufeff?(---|\.\.\.)(?=\s|$)/gm)];
  const first = marks[0]?.[1] === "---" ? 1 : 0;
  return marks[first]?.index ?? text.length;
}

/** Adds keys to a map, an item to a list, or content to a key without a value. */
function* added(tree: YamlTree, { node, parent }: PathStep, value: Value): Generator<Splice> {
  const target = dereference(node);
  if (target.kind === "mapping" && isMap(value)) {
    yield insertKeys(tree, target, value);
    if (target.flow) return;
    yield* insertKeysBehindBlock(tree, target, value);
    yield insertKeysInFront(tree, target, value);
  } else if (target.kind === "sequence" && Array.isArray(value))
    yield* insertItem(tree, target, value[0] ?? null);
  else yield filled(tree, { target, parent }, value);
}

/** Replaces `null` by a map or a list. */
function filled(
  tree: YamlTree,
  { target, parent }: { target: Node; parent: Mapping | undefined },
  value: Value,
): Splice {
  const { text } = tree;
  const { start, end } = target;
  if (start < end || parent === undefined || parent.flow) {
    const gap = start === end ? gapBefore(text, start) : "";
    return { start, end, text: gap + printInline(value, surroundingsAt(tree, start)) };
  }
  const layout = layoutOf(tree);
  const indent = indentOf(text, parent.start) + layout.step;
  const at = lineEnd(text, start);
  return { start: at, end: at, text: layout.lineBreak + indent + printBlock(value, { ...layout, indent }) };
}
