// Reads a large JSON object piece by piece: the objects that stand in arrays at one depth are handed out one by one, and
// what is left, each such object replaced by its number counted from 0, is small enough to be parsed whole and proves the rest valid.

import { own } from "./own.ts";

/** The text of the next object: bytes as latin1, like all text here. */
export type ObjectTaker = (text: string) => void;

export class JsonEntries {
  readonly #depth: number;
  readonly #take: ObjectTaker;
  #skeleton = "";
  /** The text of the object begun in earlier pieces. */
  #begun: string[] | undefined;
  #level = 0;
  #inText = false;
  #escaped = false;
  #count = 0;

  /** `depth`: how many brackets are open around the objects to hand out; 2 for `{"name": [{…}]}`. */
  constructor(depth: number, take: ObjectTaker) {
    this.#depth = depth;
    this.#take = take;
  }

  /** Takes the next piece of the text: bytes as latin1. Pieces may end anywhere. */
  push(piece: string): void {
    let from = 0;
    let at = 0;
    while (at < piece.length) {
      if (this.#inText) {
        at = this.#skipText(piece, at);
        continue;
      }
      const code = piece.charCodeAt(at);
      at += 1;
      if (code === QUOTE) this.#inText = true;
      else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        if (code === OPEN_OBJECT && this.#level === this.#depth && this.#begun === undefined)
          from = this.#begin(piece, from, at - 1);
        this.#level += 1;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        this.#level -= 1;
        if (this.#level === this.#depth && this.#begun !== undefined) from = this.#finish(piece, from, at);
      }
    }
    this.#keep(piece.slice(from));
  }

  /** The text without the objects handed out, `{"":number}` in the place of each. */
  end(): string {
    return this.#skeleton;
  }

  /** Position after the closing quote, or after the piece. */
  #skipText(piece: string, from: number): number {
    let at = from;
    while (at < piece.length) {
      const code = piece.charCodeAt(at);
      at += 1;
      if (this.#escaped) this.#escaped = false;
      else if (code === BACKSLASH) this.#escaped = true;
      else if (code === QUOTE) {
        this.#inText = false;
        return at;
      }
    }
    return at;
  }

  #begin(piece: string, from: number, at: number): number {
    this.#skeleton += own(piece.slice(from, at));
    this.#begun = [];
    return at;
  }

  #finish(piece: string, from: number, to: number): number {
    this.#keep(piece.slice(from, to));
    this.#take((this.#begun ?? []).join(""));
    this.#skeleton += `{"":${this.#count}}`;
    this.#count += 1;
    this.#begun = undefined;
    return to;
  }

  #keep(text: string): void {
    if (this.#begun === undefined) this.#skeleton += own(text);
    else this.#begun.push(text);
  }
}

const QUOTE = 34;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
