// The characters of a text, one after the other, read ahead in the portions in which go-yaml 2 reads them (readerc.go):
// a forbidden character is found as soon as its portion is read, though the scanner may never come to it.

import {
  asciiExcept,
  codeOf,
  isAllowed,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isHighSurrogate,
  SPACE,
} from "./scan/characters.ts";
import { faultAt, type Mark, type YamlFault } from "./yaml-fault.ts";

/** Of UTF-8, in bytes. */
const PORTION = 512;
const BYTE_ORDER_MARK = 0xfeff;
const ASCII = asciiExcept("");

export class SourceText {
  readonly text: string;
  at = 0;
  line = 0;
  column = 0;
  index = 0;
  /** The first fault that anybody found; nothing that is read after it counts. */
  fault: YamlFault | undefined;
  #mark: Mark = { at: 0, line: 0, column: 0, index: 0 };
  /** Where the text ends for the scanner: behind its last character, or before a forbidden one. */
  #stop: number;
  /** Everything before it has been read ahead. */
  #ahead = 0;
  /** Where the characters at hand began when they were last refilled. */
  #bufferStart = 0;
  /** How many ends of the text have been put behind its last character. */
  #ends = 0;
  /** The last place at which this many characters are at hand, up to the 8 digits of `\UXXXXXXXX`. */
  readonly #enough = [-1, -1, -1, -1, -1, -1, -1, -1, -1];

  constructor(text: string) {
    this.text = text.isWellFormed() ? text : text.toWellFormed();
    this.#stop = this.text.length;
    if (this.text.charCodeAt(0) !== BYTE_ORDER_MARK) return;
    this.at = 1;
    this.#ahead = 1;
    this.#bufferStart = 1;
    this.#readAhead(PORTION - 3);
  }

  mark(): Mark {
    if (this.#mark.at !== this.at || this.#mark.line !== this.line)
      this.#mark = { at: this.at, line: this.line, column: this.column, index: this.index };
    return this.#mark;
  }

  /** The first fault stays. */
  fail(kind: YamlFault["kind"], message: string, mark: Pick<Mark, "line" | "column"> = this.mark()): void {
    this.fault ??= faultAt(kind, message, mark);
  }

  /** The code unit at this offset from the current one; 0 at the end of the text. */
  code(offset = 0): number {
    const at = this.at + offset;
    return at < this.#stop ? this.text.charCodeAt(at) : 0;
  }

  /** Has this many characters read ahead, as far as the text goes. */
  need(count: number): void {
    if (this.at > (this.#enough[count] ?? 0)) this.#refill(count);
  }

  /** One character that is no line break. */
  skip(): void {
    this.at += isHighSurrogate(this.code()) ? 2 : 1;
    this.index += 1;
    this.column += 1;
  }

  /** Characters of this table (see `asciiExcept`), as far as they are at hand, with so many needed behind each. */
  skipRun(table: Uint8Array, ahead: 1 | 2): void {
    const last = Math.min(this.#enough[ahead] ?? 0, this.#stop - 1);
    let { at } = this;
    while (at <= last && table[this.text.charCodeAt(at)] === 1) at += 1;
    const length = at - this.at;
    this.at = at;
    this.index += length;
    this.column += length;
    this.need(ahead);
  }

  skipMany(count: number): void {
    for (let left = count; left > 0; left -= 1) this.skip();
  }

  /** The line break here as it counts in a scalar: LS and PS stay, all others become LF. */
  readBreak(): string {
    const code = this.code();
    const length = code === 0x0d && this.code(1) === 0x0a ? 2 : 1;
    this.at += length;
    this.index += length;
    this.column = 0;
    this.line += 1;
    return code === 0x2028 ? "\u2028" : code === 0x2029 ? "\u2029" : "\n";
  }

  skipBlanks(): void {
    this.need(1);
    while (isBlank(this.code())) {
      this.skip();
      this.need(1);
    }
  }

  skipComment(): void {
    if (this.code() !== codeOf("#")) return;
    this.skipRun(ASCII, 1);
    while (!isBreakOrEnd(this.code())) {
      this.skip();
      this.need(1);
    }
  }

  /** Blanks and a comment, with the line break behind them. */
  skipRestOfLine(): void {
    this.skipBlanks();
    this.skipComment();
    if (!isBreakOrEnd(this.code())) this.fail("scanner", "did not find expected comment or line break");
    if (!isBreak(this.code())) return;
    this.need(2);
    this.readBreak();
  }

  /** `---` or `...` (three times this character) alone at the beginning of a line. */
  isDocumentMark(code: number): boolean {
    return (
      this.column === 0 &&
      this.code() === code &&
      this.code(1) === code &&
      this.code(2) === code &&
      isBlankOrEnd(this.code(3))
    );
  }

  /** go-yaml looks for the byte order mark at the start of its buffer, not at the current position. */
  isByteOrderMark(): boolean {
    return this.#bufferStart < this.#stop && this.text.charCodeAt(this.#bufferStart) === BYTE_ORDER_MARK;
  }

  #refill(count: number): void {
    this.#bufferStart = this.at;
    while (this.at > (this.#enough[count] ?? 0)) {
      if (this.#ahead < this.#stop) this.#readAhead(PORTION);
      else {
        this.#ends += 1;
        this.#measure();
        return;
      }
    }
  }

  #readAhead(bytes: number): void {
    let at = this.#ahead;
    for (let left = bytes; at < this.#stop; ) {
      const code = this.text.charCodeAt(at);
      if (code >= SPACE && code < 0x7f) {
        left -= 1;
        if (left < 0) break;
        at += 1;
        continue;
      }
      const isPair = isHighSurrogate(code);
      left -= isPair ? 4 : code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
      if (left < 0) break;
      if (!isAllowed(code)) {
        this.#stop = at;
        this.fail("reader", "control characters are not allowed", this.#markAt(at));
        break;
      }
      at += isPair ? 2 : 1;
    }
    this.#ahead = at;
    this.#measure();
  }

  /** Finds for each length of a look ahead the last place that has it at hand. */
  #measure(): void {
    const { length } = this.#enough;
    let place = this.#ahead;
    for (let count = 1; count < length; count += 1) {
      if (count > this.#ends && place >= 0) place = this.#before(place);
      this.#enough[count] = place;
    }
  }

  #before(place: number): number {
    const code = this.text.charCodeAt(place - 1);
    return code >= 0xdc00 && code <= 0xdfff ? place - 2 : place - 1;
  }

  #markAt(at: number): Mark {
    const lines = this.text.slice(this.at, at).split(/\r\n|[\r\n\u0085\u2028\u2029]/);
    const last = lines.at(-1) ?? "";
    const before = lines.length === 1 ? this.column : 0;
    const column = before + last.replace(/[\ud800-\udbff]/g, "").length;
    return { at, line: this.line + lines.length - 1, column, index: at };
  }
}
