// Changing a text by replacing some of its characters and nothing else.

import { plainOrQuoted, restyle } from "./scalar-text.ts";
import { dereference, type Mapping, type Node, type Pair, type Scalar, type Tree } from "./yaml-tree.ts";

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Splices may touch but not overlap; those at one index are put in in the order given. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const sorted = [...splices].sort((a, b) => a.start - b.start);
  let done = "";
  let at = 0;
  for (const { start, end, text: inserted } of sorted) {
    done += text.slice(at, start) + inserted;
    at = end;
  }
  return done + text.slice(at);
}

/** The line break of the file: that of its first line. */
export function lineBreakOf(text: string): "\n" | "\r\n" {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

export function indentOf(text: string, index: number): string {
  const lineStart = text.slice(0, index).search(/[^\r\n\u0085\u2028\u2029]*$/);
  return text
    .slice(lineStart, index)
    .replace(/^\ufeff/, "")
    .replace(/[^\t]/g, " ");
}

/** Another text in a scalar's place, in its own style; its anchor and its tag stay. */
export function scalarSplice(tree: Tree, { start, end, style }: Scalar, value: string): Splice {
  const flow = isFlowAt(tree, start);
  if (start < end)
    return { start, end, text: restyle(value, style, { source: tree.text.slice(start, end), flow }) };
  return { start, end, text: gapBefore(tree.text, start) + plainOrQuoted(value, { flow }) };
}

/** The blank that an empty value's new text needs behind its colon. */
export function gapBefore(text: string, index: number): string {
  return /\S/.test(text[index - 1] ?? " ") ? " " : "";
}

/** Where a pair is to stand: on lines of its own, indented so, or within a line. */
export type Place = { readonly kind: "lines"; readonly indent: string } | { readonly kind: "inline" };

/**
 * Puts one more pair into a mapping, behind its last pair. `print` gives the pair's text, without the
 * indentation of its first line.
 */
export function insertPair(text: string, mapping: Mapping, print: (place: Place) => string): Splice {
  const last = mapping.pairs.at(-1);
  if (mapping.flow) return insertIntoFlow(text, mapping, print({ kind: "inline" }));
  const indent = indentOf(text, mapping.start);
  if (last === undefined)
    return { start: mapping.end, end: mapping.end, text: print({ kind: "lines", indent }) };
  const at = lineEnd(text, contentEnd(text, last));
  return { start: at, end: at, text: lineBreakOf(text) + indent + print({ kind: "lines", indent }) };
}

function insertIntoFlow(text: string, mapping: Mapping, pair: string): Splice {
  const last = mapping.pairs.at(-1);
  if (last === undefined) {
    const at = text.indexOf("{", mapping.start) + 1;
    return { start: at, end: at, text: pair };
  }
  const at = contentEnd(text, last);
  return { start: at, end: at, text: `, ${pair}` };
}

/** Where the text of a pair ends, before blanks, comments and the line break. */
export function contentEnd(text: string, pair: Pair): number {
  const value = pair.value;
  if (value.kind === "scalar" && value.start === value.end) return Math.max(keyEnd(text, pair), value.end);
  return nodeEnd(text, value);
}

function keyEnd(text: string, { key, value }: Pair): number {
  const colon = text.slice(key.end, Math.max(value.start, key.end) + 1).indexOf(":");
  return colon < 0 ? key.end : key.end + colon + 1;
}

function nodeEnd(text: string, node: Node): number {
  if (node.kind === "mapping" && !node.flow) {
    const last = node.pairs.at(-1);
    return last === undefined ? node.end : contentEnd(text, last);
  }
  if (node.kind === "sequence" && !node.flow) {
    const last = node.items.at(-1);
    return last === undefined ? node.end : Math.max(nodeEnd(text, last), node.start);
  }
  return node.start + text.slice(node.start, node.end).trimEnd().length;
}

/** The end of the line that holds this index, before its line break. */
export function lineEnd(text: string, index: number): number {
  const rest = text.slice(index).search(/\r\n|[\r\n\u0085\u2028\u2029]/);
  return rest < 0 ? text.length : index + rest;
}

/** Whether this place is inside `{…}` or `[…]`. */
export function isFlowAt({ root }: Tree, index: number): boolean {
  return root !== undefined && isInFlow(root, index);
}

function isInFlow(root: Node, index: number): boolean {
  const node = dereference(root);
  if (node.kind === "scalar" || root.kind === "alias") return false;
  if (index < node.start || index > node.end) return false;
  if (node.flow) return true;
  const children =
    node.kind === "sequence" ? node.items : node.pairs.flatMap(({ key, value }) => [key, value]);
  return children.some((child) => isInFlow(child, index));
}
