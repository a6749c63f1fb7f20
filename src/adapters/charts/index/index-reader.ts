// Parses an index in chunks with little memory: JSON object by object, block-style YAML line by line. Anything
// ambiguous has to be parsed as a whole.

import { badIndex, FoundEntries, type IndexContent, type IndexQuery } from "./index-content.ts";
import { glance, parseEntry } from "./index-entry.ts";
import { JsonIndex } from "./json/json-index.ts";
import type { PieceReader } from "./piece-reader.ts";
import { BlockIndex } from "./yaml/block-index.ts";
import { LARGEST_WHOLE, TOO_LARGE } from "./yaml/whole-index.ts";

export class IndexReader {
  readonly #query: IndexQuery;
  readonly #found: FoundEntries;
  #reader: PieceReader | undefined;
  #size = 0;

  constructor(query: IndexQuery) {
    this.#query = query;
    this.#found = new FoundEntries(query);
  }

  /** Takes the next bytes, split anywhere, and keeps no reference to them. */
  push(piece: Uint8Array): void {
    const text = Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("latin1");
    this.#size += piece.length;
    this.#reader ??= this.#readerFor(text);
    this.#reader?.push(text);
  }

  /** `unsupported`: of unusual layout, or invalid; only a real parser can tell. */
  end(): IndexContent | { readonly kind: "unsupported" } {
    if (this.#reader === undefined) return badIndex("is empty");
    const verdict = this.#reader.end();
    if (verdict.kind === "unsupported" && this.#size > LARGEST_WHOLE) return TOO_LARGE;
    return verdict.kind === "read" ? this.#found.content() : verdict;
  }

  /** `undefined` while there was only white space. */
  #readerFor(text: string): PieceReader | undefined {
    const first = text.trimStart()[0];
    if (first === undefined) return undefined;
    if (first === "{") return new JsonIndex(this.#query, this.#found);
    return new BlockIndex((chart, entry) => {
      if (!this.#found.wants(chart)) return "taken";
      const listed = this.#query.charts === undefined ? glance(chart, entry) : undefined;
      if (listed !== undefined) this.#found.list(chart, listed);
      const parsed = listed === undefined ? parseEntry(entry) : undefined;
      if (parsed !== undefined) this.#found.add(chart, parsed.value);
      return listed === undefined && parsed === undefined ? "unsupported" : "taken";
    });
  }
}
