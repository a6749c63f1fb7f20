// Parses an index in JSON object by object, keeping only what is wanted of each.

import { parseLatin1 } from "../../http/parse-json.ts";
import type { FoundEntries, IndexQuery } from "../index-content.ts";
import { takeParsedIndex } from "../parsed-index.ts";
import type { PieceReader } from "../piece-reader.ts";
import { JsonEntries } from "./json-entries.ts";

export class JsonIndex implements PieceReader {
  readonly #query: IndexQuery;
  readonly #json: JsonEntries;
  #malformed = false;

  constructor(query: IndexQuery, found: FoundEntries) {
    this.#query = query;
    const above = query.layout === "index" ? ["entries"] : [];
    /** The chart whose versions an array has; `undefined` for other arrays. */
    const chartAt = (path: readonly string[]) =>
      above.every((key, level) => path[level] === key) ? path.at(-1) : undefined;
    this.#json = new JsonEntries(above.length + 2, {
      begin: (path) => {
        const chart = chartAt(path);
        if (chart !== undefined) found.forget(chart);
      },
      take: (text, path) => {
        const entry = parseLatin1(text);
        const chart = chartAt(path);
        if (entry === undefined) this.#malformed = true;
        else if (chart !== undefined) found.add(chart, entry.value);
      },
    });
  }

  push(piece: string): void {
    this.#json.push(piece);
  }

  end(): ReturnType<PieceReader["end"]> {
    const rest = parseLatin1(this.#json.end());
    if (rest === undefined || this.#malformed) return { kind: "unsupported" };
    const bad = takeParsedIndex({ layout: this.#query.layout, value: rest.value }, () => undefined);
    return bad ?? { kind: "read" };
  }
}
