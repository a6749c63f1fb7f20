// A scalar without quotes (go-yaml 2, scannerc.go, yaml_parser_scan_plain_scalar).

import type { SourceText } from "../source.ts";
import { asciiExcept, codeOf, isBlank, isBlankOrEnd, isBreak, TAB } from "./characters.ts";
import type { LineFolding } from "./line-folding.ts";
import type { Token } from "./token.ts";

const COLON = codeOf(":");
const ORDINARY = asciiExcept(" \t:");
const ORDINARY_IN_FLOW = asciiExcept(" \t:,?[]{}");

export interface PlainPlace {
  /** The indentation that a further line must have at least. */
  readonly indent: number;
  readonly inFlow: boolean;
  readonly folding: LineFolding;
}

/** Afterwards `folding` knows whether the scanner is on a later line than the scalar. */
export function scanPlain(source: SourceText, { indent, inFlow, folding }: PlainPlace): Token {
  const start = source.mark();
  const ordinary = inFlow ? ORDINARY_IN_FLOW : ORDINARY;
  folding.begin();
  let value = "";
  let [from, end] = [source.at, source.at];
  while (!isOver(source)) {
    const word = source.at;
    source.skipRun(ordinary, 2);
    while (!isBlankOrEnd(source.code()) && !endsPlain(source, inFlow)) {
      source.skip();
      source.need(2);
    }
    if (source.at > word) {
      if (folding.hasBreak) {
        value += source.text.slice(from, end) + folding.join();
        from = word;
      }
      end = source.at;
    }
    if (!isBlank(source.code()) && !isBreak(source.code())) break;
    if (!skipBlanks(source, folding, indent)) break;
    if (!inFlow && source.column < indent) break;
  }
  value += source.text.slice(from, end);
  return { kind: "scalar", start, value, suffix: "", style: "plain" };
}

function isOver(source: SourceText): boolean {
  source.need(4);
  const code = source.code();
  return code === codeOf("#") || source.isDocumentMark(codeOf("-")) || source.isDocumentMark(codeOf("."));
}

function endsPlain(source: SourceText, inFlow: boolean): boolean {
  const code = source.code();
  if (code === COLON) return isBlankOrEnd(source.code(1));
  return inFlow && isFlowIndicator(code);
}

/** `,`, `?`, `[`, `]`, `{` and `}`; the question mark is go-yaml's own. */
function isFlowIndicator(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

function skipBlanks(source: SourceText, folding: LineFolding, indent: number): boolean {
  source.need(1);
  while (true) {
    const code = source.code();
    if (isBreak(code)) folding.readBreak();
    else if (!isBlank(code)) return true;
    else if (code === TAB && folding.hasBreak && source.column < indent) {
      source.fail("scanner", "found a tab character that violates indentation");
      return false;
    } else source.skip();
    source.need(1);
  }
}
