// Reads an index piece by piece, holding little more than its bytes: JSON object by object, block-style YAML line by
// line, and what either of them finds doubtful whole, by a real parser.

import { BlockIndex } from "./block-index.ts";
import { helmYaml } from "./helm-yaml.ts";
import { badIndex, FoundEntries, type IndexContent, type IndexQuery } from "./index-content.ts";
import { glance, parseEntry } from "./index-entry.ts";
import { JsonIndex } from "./json-index.ts";
import { takeParsedIndex } from "./parsed-index.ts";
import type { PieceReader } from "./piece-reader.ts";

/** An index of unusual layout is parsed whole only up to this size: a parser needs some fourteen times as much. */
const WHOLE_LIMIT = 24 * 1024 * 1024;

export class IndexReader {
  readonly #query: IndexQuery;
  readonly #found: FoundEntries;
  #reader: PieceReader | undefined;
  /** The pieces so far, for a real parser; dropped once they are too many for one. */
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(query: IndexQuery) {
    this.#query = query;
    this.#found = new FoundEntries(query);
  }

  push(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size <= WHOLE_LIMIT) this.#pieces.push(piece);
    else this.#pieces = [];
    const text = Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("latin1");
    this.#reader ??= this.#readerFor(text);
    this.#reader?.push(text);
  }

  end(): IndexContent {
    if (this.#reader === undefined) return badIndex("is empty");
    const verdict = this.#reader.end();
    if (verdict.kind === "read") return this.#found.content();
    if (verdict.kind === "bad") return verdict;
    if (this.#size > WHOLE_LIMIT) return badIndex("is malformed, or too large for its unusual layout");
    return readWhole(Buffer.concat(this.#pieces).toString("utf8"), this.#query);
  }

  /** Nothing as long as there is only white space. */
  #readerFor(text: string): PieceReader | undefined {
    const first = text.trimStart()[0];
    if (first === undefined) return undefined;
    if (first === "{") return new JsonIndex(this.#query, this.#found);
    return new BlockIndex((chart, entry) => {
      if (!this.#found.wants(chart)) return "taken";
      const listed = this.#query.chart === undefined ? glance(entry) : undefined;
      if (listed !== undefined) this.#found.list(chart, listed);
      const parsed = listed === undefined ? parseEntry(entry) : undefined;
      if (parsed !== undefined) this.#found.add(chart, parsed.value);
      return listed === undefined && parsed === undefined ? "odd" : "taken";
    });
  }
}

function readWhole(text: string, query: IndexQuery): IndexContent {
  const parsed = helmYaml(text);
  if (parsed === undefined) return badIndex("is neither well-formed YAML nor JSON");
  const found = new FoundEntries(query);
  const index = { layout: query.layout, value: parsed.value };
  return takeParsedIndex(index, (chart, entry) => found.add(chart, entry)) ?? found.content();
}
