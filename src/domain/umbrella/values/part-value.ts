// Detaches a value from one that it shares: from an anchor, or from a mapping merged in by `<<`.

import type { Value, ValuePath } from "../../model/umbrella.ts";
import { pathText } from "../../strvals/path-text.ts";
import { plainOf } from "../yaml/go-map.ts";
import { indentOf, type Splice, surroundingsAt } from "../yaml/splice.ts";
import type { Mapping, Node, YamlTree } from "../yaml/yaml-tree.ts";
import { insertKeys, layoutOf } from "./insert-value.ts";
import { asValue, isMap, plainValue, printInline, printInlinePair, printPair } from "./print-value.ts";
import type { ValueCandidate } from "./value-candidate.ts";
import { nested, type PathStep } from "./value-path.ts";
import { withValue } from "./with-value.ts";

export interface Apart {
  readonly path: ValuePath;
  /** Index of the step in the path. */
  readonly index: number;
  readonly value: Value;
}

export function* apart(tree: YamlTree, step: PathStep, place: Apart): Generator<ValueCandidate> {
  const { node, field, parent } = step;
  if (field !== undefined && parent !== undefined && field.owner !== parent) {
    const name = pathText(place.path.slice(0, place.index));
    const notes = [`${name} now has a value of its own: the one merged in by << belongs to others too.`];
    for (const splice of besideMerged(tree, { node, parent }, place)) yield { splices: [splice], notes };
  } else if (node.kind === "alias") {
    const name = pathText(place.path);
    const notes = [`${name} no longer takes its value from the anchor &${node.name}, which others follow.`];
    for (const splice of besideAnchor(tree, { node, parent }, place)) yield { splices: [splice], notes };
  }
}

/** Adds a pair to the mapping itself, after everything that is merged into it. */
function* besideMerged(
  tree: YamlTree,
  { node, parent }: { node: Node; parent: Mapping },
  { path, index, value }: Apart,
): Generator<Splice> {
  const own = path.slice(index - 1);
  const pair = nested(own, value);
  if (isMap(pair)) yield insertKeys(tree, parent, pair);
  const copy = copied(node, path.slice(index), value);
  const whole = copy === undefined ? null : nested(own.slice(0, 1), copy);
  if (isMap(whole)) yield insertKeys(tree, parent, whole);
}

function* besideAnchor(
  tree: YamlTree,
  { node, parent }: { node: Extract<Node, { kind: "alias" }>; parent: Mapping | undefined },
  { path, index, value }: Apart,
): Generator<Splice> {
  const { start, end, target } = node;
  const place = surroundingsAt(tree, start);
  const rest = path.slice(index);
  const below = nested(rest, value);
  if (target.kind === "scalar") yield { start, end, text: printInline(value, place) };
  else if (parent !== undefined && isMap(below)) yield overlaid(tree, { start, end, parent }, below);
  const copy = copied(node, rest, value);
  if (copy !== undefined) yield { start, end, text: printInline(copy, place) };
}

/** A copy of the node's data with the value set in it. */
function copied(node: Node, rest: ValuePath, value: Value): Value | undefined {
  const data = withValue(plainOf(node), rest, plainValue(value));
  return data.kind === "data" ? asValue(data.data) : undefined;
}

/** Replaces `key: *anchor` by a map that merges the anchor and overrides the value. */
function overlaid(
  tree: YamlTree,
  { start, end, parent }: { start: number; end: number; parent: Mapping },
  value: { readonly [key: string]: Value },
): Splice {
  const alias = tree.text.slice(start, end);
  const pairs = Object.entries(value);
  if (parent.flow) {
    const inline = pairs.map(([key, inner]) => printInlinePair(key, inner, { flow: true })).join(", ");
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
