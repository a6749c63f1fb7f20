// How the blanks and line breaks between two words of a plain or quoted scalar read: blanks within a line stay, one
// line break is a space, of several the first is left out. LS and PS are never left out.

import type { SourceText } from "../source.ts";

export class LineFolding {
  readonly #source: SourceText;
  #blanks = "";
  #firstBreak = "";
  #furtherBreaks = "";
  #hasBreak = false;

  constructor(source: SourceText) {
    this.#source = source;
  }

  /** A scalar begins. */
  begin(): void {
    this.#blanks = "";
    this.#firstBreak = "";
    this.#furtherBreaks = "";
    this.#hasBreak = false;
  }

  /** Whether a line has ended since the last word. */
  get hasBreak(): boolean {
    return this.#hasBreak;
  }

  skipBlank(): void {
    if (!this.#hasBreak) this.#blanks += this.#source.code() === 0x20 ? " " : "\t";
    this.#source.skip();
  }

  readBreak(): void {
    this.#source.need(2);
    const read = this.#source.readBreak();
    if (this.#hasBreak) this.#furtherBreaks += read;
    else this.#firstBreak = read;
    this.#hasBreak = true;
    this.#blanks = "";
  }

  /** A line break behind a backslash: the next line goes on without a space. */
  skipEscapedBreak(): void {
    this.#source.readBreak();
    this.#hasBreak = true;
  }

  /** The folded white space since the last word; starts over for the next word. */
  join(): string {
    const joined = this.#hasBreak ? this.#folded() : this.#blanks;
    this.begin();
    return joined;
  }

  #folded(): string {
    if (this.#firstBreak !== "\n") return this.#firstBreak + this.#furtherBreaks;
    return this.#furtherBreaks === "" ? " " : this.#furtherBreaks;
  }
}
