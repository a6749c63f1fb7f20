// Where new keys and new items go in a values file, in the layout that the file has.

import type { Value } from "../../model/umbrella.ts";
import type { Surroundings } from "../yaml/scalar-text.ts";
import {
  blockScalarEnd,
  contentEnd,
  indentOf,
  insertPair,
  isJson,
  lineBreakOf,
  lineEnd,
  linesAt,
  type Splice,
} from "../yaml/splice.ts";
import type { Mapping, Node, Sequence, YamlTree } from "../yaml/yaml-tree.ts";
import { printBlock, printInline, printInlinePair, printPair, type ValueLayout } from "./print-value.ts";

type Keys = { readonly [key: string]: Value };

/** Behind the last pair of the mapping. */
export function insertKeys(tree: YamlTree, mapping: Mapping, keys: Keys): Splice {
  const [[key, inner] = ["", null]] = Object.entries(keys);
  return insertPair(tree.text, mapping, (place) =>
    place.kind === "inline"
      ? printInlinePair(key, inner, inlineIn(tree, mapping))
      : printPair(key, inner, { ...layoutOf(tree), indent: place.indent }),
  );
}

/** A mapping whose keys are all in double quotes is written as JSON is. */
function inlineIn({ text }: YamlTree, { pairs }: Mapping): Surroundings {
  const isQuoting = pairs.length > 0 && pairs.every(({ key }) => text[key.start] === '"');
  return { flow: true, json: isQuoting || isJson(text) };
}

/** Behind a last pair that ends in a block scalar, and behind all the lines that belong to it. */
export function* insertKeysBehindBlock(tree: YamlTree, mapping: Mapping, keys: Keys): Generator<Splice> {
  const end = blockScalarEnd(mapping);
  const indent = indentOf(tree.text, mapping.start);
  const lines = Object.entries(keys).map(
    ([key, inner]) => indent + printPair(key, inner, { ...layoutOf(tree), indent }),
  );
  if (end !== undefined) yield linesAt(tree.text, end, lines.join(lineBreakOf(tree.text)));
}

/** In front of the first pair, where nothing can stand behind the last one. */
export function insertKeysInFront(tree: YamlTree, mapping: Mapping, keys: Keys): Splice {
  const indent = indentOf(tree.text, mapping.start);
  const layout = { ...layoutOf(tree), indent };
  const printed = Object.entries(keys).map(
    ([key, inner]) => printPair(key, inner, layout) + layout.lineBreak + indent,
  );
  return { start: mapping.start, end: mapping.start, text: printed.join("") };
}

/** Behind the last item of the list, and where that ends in a block scalar, behind all its lines. */
export function* insertItem(tree: YamlTree, list: Sequence, item: Value): Generator<Splice> {
  const { text } = tree;
  const last = list.items.at(-1);
  if (list.flow) {
    const at = last === undefined ? text.indexOf("[", list.start) + 1 : contentEndOf(text, last);
    const place = { flow: true, json: isJson(text) };
    yield { start: at, end: at, text: (last === undefined ? "" : ", ") + printInline(item, place) };
    return;
  }
  const layout = { ...layoutOf(tree), indent: indentOf(text, list.start) };
  const at = lineEnd(text, last === undefined ? list.end : contentEndOf(text, last));
  const line = layout.indent + printBlock([item], layout);
  yield { start: at, end: at, text: layout.lineBreak + line };
  const end = blockScalarEnd(list);
  if (end !== undefined) yield linesAt(text, end, line);
}

function contentEndOf(text: string, node: Node): number {
  return contentEnd(text, { key: node, value: node });
}

/** The file's own line break and the width of its first nested mapping. */
export function layoutOf({ text, root }: YamlTree): ValueLayout {
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
