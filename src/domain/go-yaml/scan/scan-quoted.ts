// A scalar in single or double quotes (go-yaml 2, scannerc.go, yaml_parser_scan_flow_scalar).

import type { SourceText } from "../source.ts";
import { asciiExcept, codeOf, hexValue, isBlank, isBlankOrEnd, isBreak } from "./characters.ts";
import type { LineFolding } from "./line-folding.ts";
import type { Token } from "./token.ts";

const SINGLE = codeOf("'");
const DOUBLE = codeOf('"');
const ORDINARY = asciiExcept(" \t'\"\\");
const BACKSLASH = codeOf("\\");

/** The character after a backslash, and what it means. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\x85"],
  ["_", "\xa0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);
const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

export function scanQuoted(source: SourceText, style: "single" | "double", folding: LineFolding): Token {
  const quote = style === "single" ? SINGLE : DOUBLE;
  const start = source.mark();
  folding.begin();
  let value = "";
  source.skip();
  while (canGoOn(source)) {
    value += readWord(source, folding, quote);
    if (source.fault !== undefined || source.code() === quote) break;
    skipBlanks(source, folding);
    value += folding.join();
  }
  source.skip();
  return { kind: "scalar", start, value, suffix: "", style };
}

function canGoOn(source: SourceText): boolean {
  source.need(4);
  if (source.isDocumentMark(codeOf("-")) || source.isDocumentMark(codeOf("."))) {
    source.fail("scanner", "found unexpected document indicator");
    return false;
  }
  if (source.code() === 0) source.fail("scanner", "found unexpected end of stream");
  return source.fault === undefined;
}

/** Up to the closing quote, a blank, or the end of the line. */
function readWord(source: SourceText, folding: LineFolding, quote: number): string {
  let word = "";
  let from = source.at;
  const cut = () => source.text.slice(from, source.at);
  while (true) {
    source.skipRun(ORDINARY, 2);
    const code = source.code();
    if (isBlankOrEnd(code)) break;
    if (code === quote) {
      if (quote === DOUBLE || source.code(1) !== SINGLE) break;
      source.skip();
      word += cut();
      source.skip();
      from = source.at;
    } else if (code === BACKSLASH && quote === DOUBLE) {
      word += cut();
      if (isBreak(source.code(1))) {
        skipEscapedBreak(source, folding);
        return word;
      }
      word += readEscape(source);
      from = source.at;
      if (source.fault !== undefined) return word;
    } else source.skip();
    source.need(2);
  }
  word += cut();
  source.need(1);
  return word;
}

function skipEscapedBreak(source: SourceText, folding: LineFolding): void {
  source.need(3);
  source.skip();
  folding.skipEscapedBreak();
  source.need(1);
}

function readEscape(source: SourceText): string {
  const letter = String.fromCharCode(source.code(1));
  const length = CODE_LENGTHS.get(letter);
  const character = ESCAPES.get(letter);
  if (length === undefined && character === undefined) {
    source.fail("scanner", "found unknown escape character");
    return "";
  }
  source.skipMany(2);
  return length === undefined ? (character ?? "") : readCode(source, length);
}

function readCode(source: SourceText, length: number): string {
  source.need(length);
  let value = 0;
  for (let place = 0; place < length; place += 1) {
    const digit = hexValue(source.code(place));
    if (digit < 0) {
      source.fail("scanner", "did not find expected hexdecimal number");
      return "";
    }
    value = value * 16 + digit;
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    source.fail("scanner", "found invalid Unicode character escape code");
    return "";
  }
  source.skipMany(length);
  return String.fromCodePoint(value);
}

function skipBlanks(source: SourceText, folding: LineFolding): void {
  while (isBlank(source.code()) || isBreak(source.code())) {
    if (isBlank(source.code())) folding.skipBlank();
    else folding.readBreak();
    source.need(1);
  }
}
