// Reads an index in JSON object by object, keeping of each only what is wanted.

import type { FoundEntries, IndexQuery } from "./index-content.ts";
import { JsonEntries } from "./json-entries.ts";
import { parseLatin1 } from "./parse-json.ts";
import { takeParsedIndex } from "./parsed-index.ts";
import type { PieceReader } from "./piece-reader.ts";

export class JsonIndex implements PieceReader {
  readonly #query: IndexQuery;
  readonly #json: JsonEntries;
  #malformed = false;

  constructor(query: IndexQuery, found: FoundEntries) {
    this.#query = query;
    const above = query.layout === "index" ? ["entries"] : [];
    this.#json = new JsonEntries(above.length + 2, (text, path) => {
      const entry = parseLatin1(text);
      const chart = path.at(-1);
      if (entry === undefined) this.#malformed = true;
      else if (chart !== undefined && above.every((key, level) => path[level] === key))
        found.add(chart, entry.value);
    });
  }

  push(piece: string): void {
    this.#json.push(piece);
  }

  end(): ReturnType<PieceReader["end"]> {
    const rest = parseLatin1(this.#json.end());
    if (rest === undefined || this.#malformed || this.#json.repeats) return { kind: "odd" };
    const bad = takeParsedIndex({ layout: this.#query.layout, value: rest.value }, () => undefined);
    return bad ?? { kind: "read" };
  }
}
