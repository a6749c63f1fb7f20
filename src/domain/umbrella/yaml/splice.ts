// Replaces ranges of a text and changes nothing else.

import { plainOrQuoted, restyle, type Surroundings } from "./scalar-text.ts";
import {
  type Alias,
  dereference,
  type Mapping,
  type Node,
  type Pair,
  type Scalar,
  type Span,
  type YamlTree,
} from "./yaml-tree.ts";

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Splices may touch but not overlap; those at the same index are inserted in the order given. */
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

const LINE_BREAKS = new Set("\r\n\u0085\u2028\u2029");

export function indentOf(text: string, index: number): string {
  let lineStart = index;
  while (lineStart > 0 && !LINE_BREAKS.has(text.charAt(lineStart - 1))) lineStart -= 1;
  return text
    .slice(lineStart, index)
    .replace(/^\ufeff/, "")
    .replace(/[^\t]/g, " ");
}

/** Replaces a scalar's text in its own style; keeps its anchor and its tag. */
export function scalarSplice(tree: YamlTree, { start, end, style }: Scalar, value: string): Splice {
  const place = surroundingsAt(tree, start);
  if (start < end) {
    const source = tree.text.slice(start, end).trimEnd();
    return { start, end: start + source.length, text: restyle(value, style, { source, ...place }) };
  }
  return { start, end, text: gapBefore(tree.text, start) + plainOrQuoted(value, place) };
}

/** Applies `splice` to an anchored scalar only: its anchor and tag are moved, with the old text, to the alias. */
export function anchorHandedOn(tree: YamlTree, alias: Alias, splice: Splice): readonly Splice[] {
  const { text } = tree;
  const { target, start, end } = alias;
  const properties = propertiesStart(text, target);
  const source = text.slice(target.start, target.end);
  const isBlock = target.kind === "scalar" && target.style === "block";
  const old = isBlock ? plainOrQuoted(target.text, surroundingsAt(tree, start)) : source;
  return [
    { start: properties, end: target.start, text: "" },
    splice,
    { start, end, text: text.slice(properties, target.start).trimEnd() + (old && " ") + old },
  ];
}

/** Maximum length of an anchor and a tag together, in characters. */
const LONGEST_PROPERTIES = 1000;

/** Start of a node's anchor and tag; of the node itself when it has neither. */
export function propertiesStart(text: string, { start, anchor, tag }: Span): number {
  if (anchor === undefined && tag === undefined) return start;
  const from = Math.max(0, start - LONGEST_PROPERTIES);
  const properties = /(?<=^|[\s,[\]{}])(?:[&!]\S*\s+)*(?:[&!]\S*\s*)$/.exec(text.slice(from, start));
  return properties === null ? start : from + properties.index;
}

/** The blank that an empty value's new text needs behind its colon. */
export function gapBefore(text: string, index: number): string {
  return /\S/.test(text[index - 1] ?? " ") ? " " : "";
}

/** Where a pair is inserted: on lines of its own with this indentation, or within a line. */
export type InsertionPoint =
  | { readonly kind: "lines"; readonly indent: string }
  | { readonly kind: "inline" };

/** The real end of the last text in a node: a block scalar may include the empty lines after it. */
export function blockScalarEnd(node: Node): number | undefined {
  if (node.kind === "scalar") return node.style === "block" ? node.end : undefined;
  if (node.kind === "alias" || node.flow) return undefined;
  const last = node.kind === "mapping" ? node.pairs.at(-1)?.value : node.items.at(-1);
  return last === undefined ? undefined : blockScalarEnd(last);
}

/** Lines of their own behind this place; `text` without the break of its last line. */
export function linesAt(text: string, at: number, lines: string): Splice {
  const lineBreak = lineBreakOf(text);
  const isAtLineStart = /[\r\n\u0085\u2028\u2029]$/.test(text.slice(0, at));
  return { start: at, end: at, text: isAtLineStart ? lines + lineBreak : lineBreak + lines };
}

/**
 * Puts one more pair into a mapping, behind its last pair. `print` gives the pair's text, without the
 * indentation of its first line.
 */
export function insertPair(text: string, mapping: Mapping, print: (place: InsertionPoint) => string): Splice {
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

/** Behind the colon of a pair. */
export function keyEnd(text: string, { key, value }: Pair): number {
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

export function surroundingsAt({ root, text }: YamlTree, index: number): Surroundings {
  return { flow: root !== undefined && isInFlow(root, index), json: isJson(text) };
}

/** Whether the whole file is JSON, a subset of YAML that other readers may rely on. */
export function isJson(text: string): boolean {
  if (!/^\ufeff?\s*[{[]/.test(text) || !text.includes('"')) return false;
  try {
    JSON.parse(text.replace(/^\ufeff/, ""));
    return true;
  } catch {
    return false;
  }
}

function isInFlow(root: Node, index: number): boolean {
  const node = dereference(root);
  if (node.kind === "scalar" || root.kind === "alias") return false;
  if (index < node.start || index > node.end) return false;
  if (node.flow) return true;
  return node.kind === "sequence"
    ? node.items.some((item) => isInFlow(item, index))
    : node.pairs.some(({ key, value }) => isInFlow(key, index) || isInFlow(value, index));
}
