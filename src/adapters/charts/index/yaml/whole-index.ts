// Parses an index of unusual layout as a whole, with a real parser.

import { helmYaml } from "../../helm-yaml.ts";
import { badIndex, FoundEntries, type IndexContent, type IndexQuery } from "../index-content.ts";
import { takeParsedIndex } from "../parsed-index.ts";

/** In bytes: a parser needs some fourteen times as much memory as the text. */
export const LARGEST_WHOLE = 24 * 1024 * 1024;

export const TOO_LARGE = badIndex("is malformed, or too large for its unusual layout");

export class WholeIndex {
  readonly #query: IndexQuery;
  #pieces: string[] = [];
  #size = 0;

  constructor(query: IndexQuery) {
    this.#query = query;
  }

  /** Takes the next bytes, split anywhere, and keeps no reference to them. */
  push(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > LARGEST_WHOLE) this.#pieces = [];
    else this.#pieces.push(Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("latin1"));
  }

  end(): IndexContent {
    if (this.#size > LARGEST_WHOLE) return TOO_LARGE;
    const parsed = helmYaml(Buffer.from(this.#pieces.join(""), "latin1").toString("utf8"), "index");
    if (parsed === undefined) return badIndex("is neither well-formed YAML nor JSON");
    const found = new FoundEntries(this.#query);
    const index = { layout: this.#query.layout, value: parsed.value };
    return takeParsedIndex(index, (chart, entry) => found.add(chart, entry)) ?? found.content();
  }
}
