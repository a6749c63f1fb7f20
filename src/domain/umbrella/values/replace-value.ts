// Replaces a value by another one.

import type { Value } from "../../model/umbrella.ts";
import { headerComment, plainOrQuoted } from "../yaml/scalar-text.ts";
import {
  anchorHandedOn,
  contentEnd,
  gapBefore,
  indentOf,
  keyEnd,
  propertiesStart,
  type Splice,
  scalarSplice,
  surroundingsAt,
} from "../yaml/splice.ts";
import { type Alias, dereference, type Node, type Scalar, type YamlTree } from "../yaml/yaml-tree.ts";
import { layoutOf } from "./insert-value.ts";
import { printBlock, printInline } from "./print-value.ts";
import type { ValueCandidate } from "./value-candidate.ts";
import type { PathStep } from "./value-path.ts";

type Target = Exclude<Node, Alias>;

/** In the style of the old value, or else in its own; an anchor with aliases is moved to the first of them. */
export function* inPlace(tree: YamlTree, step: PathStep, value: Value): Generator<ValueCandidate> {
  const { node } = step;
  const target = dereference(node);
  const lifted = onKeyLine(tree, step, value);
  if (lifted !== undefined) yield { splices: [lifted], notes: [] };
  const splice = replaced(tree, target, value);
  yield { splices: [splice], notes: [] };
  if (target.kind !== "scalar") return;
  const inline = inItsOwnStyle(tree, target, value);
  yield { splices: [inline], notes: [] };
  if (target.tag !== undefined) yield { splices: withoutTag(tree, target, inline), notes: [] };
  const alias = tree.aliases.find((each) => each.target === target);
  if (alias === undefined || node.kind === "alias") return;
  const notes = [`The anchor &${alias.name} now stands, with the old value, where it is first used.`];
  for (const way of [splice, inline]) yield { splices: anchorHandedOn(tree, alias, way), notes };
}

function replaced(tree: YamlTree, target: Target, value: Value): Splice {
  const { text } = tree;
  if (target.kind === "sequence" && !target.flow && Array.isArray(value) && value.length > 0) {
    const layout = { ...layoutOf(tree), indent: indentOf(text, target.start) };
    return { start: target.start, end: endOf(text, target), text: printBlock(value, layout) };
  }
  if (target.kind === "scalar" && typeof value === "string") return scalarSplice(tree, target, value);
  const { start } = target;
  const end = target.kind === "scalar" ? target.end : endOf(text, target);
  return { start, end, text: gapAt(text, start, end) + printInline(value, surroundingsAt(tree, start)) };
}

/** After the key, when the old value was a list on lines of its own. */
function onKeyLine(tree: YamlTree, { node, field }: PathStep, value: Value): Splice | undefined {
  if (node.kind !== "sequence" || node.flow || (Array.isArray(value) && value.length > 0)) return undefined;
  const pair = field?.owner.pairs.find((each) => each.value === node);
  if (pair === undefined) return undefined;
  const start = keyEnd(tree.text, pair);
  const comment = /^[^\r\n#]*( #[^\r\n]*)/.exec(tree.text.slice(start, node.start))?.[1] ?? "";
  return { start, end: endOf(tree.text, node), text: ` ${printInline(value, { flow: false })}${comment}` };
}

/** Replaces a block scalar with its header; keeps the comment after the header and the empty lines after the text. */
function inItsOwnStyle(tree: YamlTree, target: Scalar, value: Value): Splice {
  const { start, style } = target;
  const source = tree.text.slice(start, target.end).trimEnd();
  const comment = style === "block" ? headerComment(source) : "";
  const place = surroundingsAt(tree, start);
  const printed = typeof value === "string" ? plainOrQuoted(value, place) : printInline(value, place);
  const end = start + source.length;
  return { start, end, text: gapAt(tree.text, start, end) + printed + comment };
}

function withoutTag({ text }: YamlTree, target: Scalar, splice: Splice): readonly Splice[] {
  const anchor = target.anchor === undefined ? "" : `&${target.anchor} `;
  return [{ start: propertiesStart(text, target), end: target.start, text: anchor }, splice];
}

function gapAt(text: string, start: number, end: number): string {
  return start === end ? gapBefore(text, start) : "";
}

function endOf(text: string, node: Node): number {
  return contentEnd(text, { key: node, value: node });
}
