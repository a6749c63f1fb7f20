// Formats a text as a replacement for a scalar: in the same style, quoted if it would otherwise be read as something
// else.

import { resolvePlain } from "../../go-yaml/decode/go-scalar.ts";
import type { Scalar } from "./yaml-tree.ts";

export interface Surroundings {
  /** Inside `{…}` or `[…]`, where commas and brackets end a plain scalar, and to go-yaml a question mark too. */
  readonly flow: boolean;
  /** In a JSON file, which must stay JSON: every text is in double quotes. */
  readonly json?: boolean;
}

/** The characters for `value` in the style of a scalar that is written as `source`. */
export function restyle(
  value: string,
  style: Scalar["style"],
  { source, ...place }: Surroundings & { readonly source: string },
): string {
  switch (style) {
    case "single":
      return isOneLine(value) ? singleQuoted(value) : doubleQuoted(value);
    case "double":
      return doubleQuoted(value);
    case "block":
      return rewriteBlock(source, value) ?? plainOrQuoted(value, place) + headerComment(source);
    case "plain":
      return plainOrQuoted(value, place);
  }
}

/** Plain if that reads back as the same text, else in double quotes. */
export function plainOrQuoted(value: string, { flow, json = false }: Surroundings): string {
  return !json && isPlainText(value, flow) ? value : doubleQuoted(value);
}

/** Replaces the only line of a block scalar; a block with several lines has no such place. */
function rewriteBlock(source: string, value: string): string | undefined {
  const [header = "", ...lines] = source.split(/(?<=\n)/);
  const filled = lines.filter((line) => line.trim() !== "");
  const [line] = filled;
  if (line === undefined || filled.length > 1 || !isOneLine(value) || value.trim() !== value)
    return undefined;
  return (
    header + lines.map((each) => (each === line ? each.replace(line.trim(), () => value) : each)).join("")
  );
}

/** The comment behind the `|` or `>` that a block scalar begins with, and the blank in front of it. */
export function headerComment(source: string): string {
  return /^[|>][^\s#]*([ \t]+#[^\r\n]*)/.exec(source)?.[1] ?? "";
}

function isPlainText(value: string, flow: boolean): boolean {
  if (resolvePlain(value) !== value || value === "<<" || !isOneLine(value) || value.trim() !== value)
    return false;
  if (/^[,[\]{}#&*!|>'"%@`]/.test(value) || /^[-?:](\s|$)/.test(value) || /^(---|\.\.\.)/.test(value))
    return false;
  if (/: |:$|\s#/.test(value)) return false;
  return !flow || !/[,[\]{}?]|^[-:]|:$/.test(value);
}

function isOneLine(value: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(value);
}

function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function doubleQuoted(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1);
  return `"${escaped.replace(/[\u007f-\u00a0\u2028\u2029\ufeff]/g, (character) => `\\u${hex(character)}`)}"`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}
