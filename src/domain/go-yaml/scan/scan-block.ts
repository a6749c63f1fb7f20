// A literal (`|`) or folded (`>`) scalar (go-yaml 2, scannerc.go, yaml_parser_scan_block_scalar).

import type { SourceText } from "../source.ts";
import { asciiExcept, codeOf, isBlank, isBreak, isBreakOrEnd, isDigit, SPACE, TAB } from "./characters.ts";
import type { Token } from "./token.ts";

const ASCII = asciiExcept("");
const PLUS = codeOf("+");
const MINUS = codeOf("-");

type Chomping = "clip" | "strip" | "keep";

interface Header {
  readonly chomping: Chomping;
  /** How much deeper than its parent the text is indented; 0 where its first line shows it. */
  readonly increment: number;
}

/** `parent` is the indentation of the collection that holds the scalar; -1 at the top. */
export function scanBlock(source: SourceText, style: "literal" | "folded", parent: number): Token {
  const start = source.mark();
  source.skip();
  const { chomping, increment } = readHeader(source);
  source.skipRestOfLine();
  const lines = new BlockLines(source, increment > 0 ? Math.max(parent, 0) + increment : 0, parent);
  const value = lines.read(style, chomping);
  return { kind: "scalar", start, value, suffix: "", style };
}

function readHeader(source: SourceText): Header {
  source.need(1);
  let chomping = readChomping(source);
  if (chomping !== "clip") source.need(1);
  const increment = readIncrement(source);
  if (chomping === "clip" && increment > 0) {
    source.need(1);
    chomping = readChomping(source);
  }
  return { chomping, increment };
}

function readChomping(source: SourceText): Chomping {
  const code = source.code();
  if (code !== PLUS && code !== MINUS) return "clip";
  source.skip();
  return code === PLUS ? "keep" : "strip";
}

function readIncrement(source: SourceText): number {
  const code = source.code();
  if (!isDigit(code)) return 0;
  if (code === codeOf("0")) source.fail("scanner", "found an indentation indicator equal to 0");
  source.skip();
  return code - codeOf("0");
}

class BlockLines {
  readonly #source: SourceText;
  readonly #parent: number;
  #indent: number;

  constructor(source: SourceText, indent: number, parent: number) {
    this.#source = source;
    this.#indent = indent;
    this.#parent = parent;
  }

  read(style: "literal" | "folded", chomping: Chomping): string {
    const source = this.#source;
    let text = "";
    let lineBreak = "";
    let wasBlank = false;
    let emptyLines = this.#readEmptyLines();
    source.need(1);
    while (source.fault === undefined && source.column === this.#indent && source.code() !== 0) {
      const isBlankLine = isBlank(source.code());
      const folds = style === "folded" && !wasBlank && !isBlankLine && lineBreak === "\n";
      text += (folds ? (emptyLines === "" ? " " : "") : lineBreak) + emptyLines + this.#readLine();
      wasBlank = isBlankLine;
      source.need(2);
      lineBreak = isBreak(source.code()) ? source.readBreak() : "";
      emptyLines = this.#readEmptyLines();
    }
    if (chomping !== "strip") text += lineBreak;
    return chomping === "keep" ? text + emptyLines : text;
  }

  #readLine(): string {
    const source = this.#source;
    const from = source.at;
    source.skipRun(ASCII, 1);
    while (!isBreakOrEnd(source.code())) {
      source.skip();
      source.need(1);
    }
    return source.text.slice(from, source.at);
  }

  /** Skips the indentation as well; the first time it may have to find out how deep it is. */
  #readEmptyLines(): string {
    const source = this.#source;
    let breaks = "";
    let deepest = 0;
    while (source.fault === undefined) {
      this.#skipIndentation();
      deepest = Math.max(deepest, source.column);
      if (this.#isAbove() && source.code() === TAB)
        source.fail("scanner", "found a tab character where an indentation space is expected");
      if (!isBreak(source.code())) break;
      source.need(2);
      breaks += source.readBreak();
    }
    if (this.#indent === 0) this.#indent = Math.max(deepest, this.#parent + 1, 1);
    return breaks;
  }

  #skipIndentation(): void {
    const source = this.#source;
    source.need(1);
    while (this.#isAbove() && source.code() === SPACE) {
      source.skip();
      source.need(1);
    }
  }

  #isAbove(): boolean {
    return this.#indent === 0 || this.#source.column < this.#indent;
  }
}
