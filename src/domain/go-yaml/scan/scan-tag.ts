// Tags and anchors (go-yaml 2, scannerc.go).

import type { SourceText } from "../source.ts";
import { codeOf, hexValue, isBlankOrEnd, isWord } from "./characters.ts";
import type { Token } from "./token.ts";

const BANG = codeOf("!");
const PERCENT = codeOf("%");
/** Besides letters, digits, `_` and `-`. */
const IN_TAG = new Set(";/?:@&=+$,.!~*'()[]%".split("").map(codeOf));
const BEHIND_ANCHOR = new Set("?:,]}%@`".split("").map(codeOf));

/** `&name` or `*name`. */
export function scanAnchor(source: SourceText, kind: "anchor" | "alias"): Token {
  const start = source.mark();
  source.skip();
  const value = readWord(source);
  if (value === "" || !(isBlankOrEnd(source.code()) || BEHIND_ANCHOR.has(source.code())))
    source.fail("scanner", "did not find expected alphabetic or numeric character");
  return { kind, start, value, suffix: "", style: "plain" };
}

/** `!suffix`, `!handle!suffix`, `!<verbatim>`, or a lone `!`. */
export function scanTag(source: SourceText): Token {
  const start = source.mark();
  source.need(2);
  const { handle, suffix } = source.code(1) === codeOf("<") ? readVerbatim(source) : readShorthand(source);
  source.need(1);
  if (!isBlankOrEnd(source.code())) source.fail("scanner", "did not find expected whitespace or line break");
  return { kind: "tag", start, value: handle, suffix, style: "plain" };
}

interface Tag {
  readonly handle: string;
  readonly suffix: string;
}

function readVerbatim(source: SourceText): Tag {
  source.skipMany(2);
  const suffix = readUri(source, "");
  if (source.code() === codeOf(">")) source.skip();
  else source.fail("scanner", "did not find the expected '>'");
  return { handle: "", suffix };
}

function readShorthand(source: SourceText): Tag {
  const handle = readHandle(source);
  if (handle.length > 1 && handle.endsWith("!")) return { handle, suffix: readUri(source, "") };
  const suffix = readUri(source, handle);
  return suffix === "" ? { handle: "", suffix: "!" } : { handle: "!", suffix };
}

export function readHandle(source: SourceText): string {
  source.need(1);
  if (source.code() !== BANG) {
    source.fail("scanner", "did not find expected '!'");
    return "!";
  }
  source.skip();
  const name = readWord(source);
  if (source.code() !== BANG) return `!${name}`;
  source.skip();
  return `!${name}!`;
}

/** `head` has been read already and counts, without its `!`, as the beginning. */
export function readUri(source: SourceText, head: string): string {
  const octets: string[] = [head.slice(1)];
  let length = head.length;
  source.need(1);
  while (source.fault === undefined && (isWord(source.code()) || IN_TAG.has(source.code()))) {
    if (source.code() === PERCENT) octets.push(readEscapes(source));
    else {
      octets.push(String.fromCharCode(source.code()));
      source.skip();
    }
    length += 1;
    source.need(1);
  }
  if (length === 0) source.fail("scanner", "did not find expected tag URI");
  return octets.join("");
}

/** The octets of one character, each written `%XX`. */
function readEscapes(source: SourceText): string {
  const octets: number[] = [];
  for (let left = 1; left > 0; left -= 1) {
    source.need(3);
    const octet = hexValue(source.code(1)) * 16 + hexValue(source.code(2));
    if (source.code() !== PERCENT || hexValue(source.code(1)) < 0 || hexValue(source.code(2)) < 0) {
      source.fail("scanner", "did not find URI escaped octet");
      return "";
    }
    if (octets.length === 0) {
      left = widthOf(octet);
      if (left === 0) source.fail("scanner", "found an incorrect leading UTF-8 octet");
    } else if ((octet & 0xc0) !== 0x80) {
      source.fail("scanner", "found an incorrect trailing UTF-8 octet");
    }
    octets.push(octet);
    source.skipMany(3);
  }
  return octets.map((octet) => String.fromCharCode(octet)).join("");
}

function widthOf(octet: number): number {
  if (octet < 0x80) return 1;
  if ((octet & 0xe0) === 0xc0) return 2;
  if ((octet & 0xf0) === 0xe0) return 3;
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}

/** Letters, digits, `_` and `-`. */
export function readWord(source: SourceText): string {
  source.need(1);
  const from = source.at;
  while (isWord(source.code())) {
    source.skip();
    source.need(1);
  }
  return source.text.slice(from, source.at);
}
