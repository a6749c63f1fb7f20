// Parses a large JSON object in chunks: objects in arrays at one depth are passed on one by one; the rest, with `{}` in
// place of each, is small enough to be parsed as a whole, which proves it valid.

import { copyString } from "../copy-string.ts";
import { JsonPath } from "./json-path.ts";

/** Receives the objects: bytes as latin1, like all text here. `path`: the keys that lead to their array. */
export interface ObjectTaker {
  /** An array begins. JSON may have several with the same path, of which the last one counts. */
  begin(path: readonly string[]): void;
  /** The text of the next object. */
  take(text: string, path: readonly string[]): void;
}

export class JsonEntries {
  readonly #depth: number;
  readonly #taker: ObjectTaker;
  readonly #path = new JsonPath();
  #skeleton = "";
  /** The text of the object that began in earlier chunks. */
  #begun: string[] | undefined;
  #level = 0;
  #inText = false;
  #escaped = false;

  /** `depth`: number of brackets around the objects; 2 for `{"name": [{…}]}`. */
  constructor(depth: number, taker: ObjectTaker) {
    this.#depth = depth;
    this.#taker = taker;
  }

  /** Takes the next chunk of the text: bytes as latin1, split anywhere. */
  push(piece: string): void {
    let from = 0;
    let at = 0;
    while (at < piece.length) {
      if (this.#inText) {
        at = this.#skipText(piece, at);
        continue;
      }
      const code = piece.charCodeAt(at);
      const opens = code === OPEN_OBJECT || code === OPEN_ARRAY;
      if ((opens || code === QUOTE) && this.#begun === undefined) from = this.#enter(piece, from, at);
      at += 1;
      if (code === QUOTE) this.#inText = true;
      else if (opens) this.#level += 1;
      else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        this.#level -= 1;
        if (this.#level === this.#depth && this.#begun !== undefined) from = this.#finish(piece, from, at);
      }
    }
    this.#keep(piece.slice(from));
  }

  /** The text with `{}` in place of each object. */
  end(): string {
    return this.#skeleton;
  }

  /** Index after the closing quote, or of the chunk's end. */
  #skipText(piece: string, from: number): number {
    let quote = piece.indexOf('"', from);
    while (quote >= 0 && this.#isEscaped(piece, from, quote)) quote = piece.indexOf('"', quote + 1);
    this.#inText = quote < 0;
    this.#escaped = this.#inText && this.#isEscaped(piece, from, piece.length);
    return this.#inText ? piece.length : quote + 1;
  }

  /** Whether an odd number of backslashes precedes this index, in a string that continues from `from`. */
  #isEscaped(piece: string, from: number, at: number): boolean {
    let first = at;
    while (first > from && piece.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    const carried = first === from && this.#escaped ? 1 : 0;
    return (at - first + carried) % 2 === 1;
  }

  /** A string or a bracket begins outside of the objects; it may begin the next one. */
  #enter(piece: string, from: number, at: number): number {
    this.#keep(piece.slice(from, at));
    const code = piece.charCodeAt(at);
    if (code === QUOTE) this.#path.beginText();
    else if (this.#level < this.#depth) this.#open();
    else if (code === OPEN_OBJECT && this.#level === this.#depth) this.#begun = [];
    return at;
  }

  #open(): void {
    this.#path.open(this.#level);
    if (this.#level === this.#depth - 1) this.#taker.begin(this.#path.keys);
  }

  #finish(piece: string, from: number, to: number): number {
    this.#keep(piece.slice(from, to));
    this.#taker.take((this.#begun ?? []).join(""), this.#path.keys);
    this.#begun = undefined;
    this.#keep("{}");
    return to;
  }

  #keep(text: string): void {
    if (this.#begun !== undefined) this.#begun.push(text);
    else {
      this.#skeleton += copyString(text);
      this.#path.append(copyString(text));
    }
  }
}

const QUOTE = 34;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
