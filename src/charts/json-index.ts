// Reads an index in JSON object by object, keeping of each only what is wanted.

import { type FoundEntries, type IndexQuery, type ListedVersion, parseListed } from "./index-content.ts";
import { JsonEntries } from "./json-entries.ts";
import { takeParsedIndex } from "./parsed-index.ts";
import type { PieceReader } from "./piece-reader.ts";

export class JsonIndex implements PieceReader {
  readonly #query: IndexQuery;
  readonly #found: FoundEntries;
  readonly #json: JsonEntries;
  /** What is kept of each object, by its number: whole ones of the chart asked for, else what a poll compares. */
  readonly #whole: unknown[] = [];
  readonly #listed: (ListedVersion | undefined)[] = [];
  #malformed = false;

  constructor(query: IndexQuery, found: FoundEntries) {
    this.#query = query;
    this.#found = found;
    this.#json = new JsonEntries(query.layout === "index" ? 3 : 2, (text) => {
      const parsed = parseJson(text);
      if (parsed === undefined) this.#malformed = true;
      else if (query.chart === undefined) this.#listed.push(parseListed(parsed.value));
      else this.#whole.push(Object(parsed.value)["name"] === query.chart ? parsed.value : undefined);
    });
  }

  push(piece: string): void {
    this.#json.push(piece);
  }

  end(): ReturnType<PieceReader["end"]> {
    const root = parseJson(this.#json.end());
    if (root === undefined || this.#malformed) return { kind: "odd" };
    const index = { layout: this.#query.layout, value: root.value };
    return takeParsedIndex(index, (...entry) => this.#take(...entry)) ?? { kind: "read" };
  }

  #take(chart: string, placeholder: unknown): void {
    const number: unknown = Object(placeholder)[""];
    if (typeof number !== "number") return;
    const listed = this.#listed[number];
    if (listed !== undefined) this.#found.list(chart, listed);
    else this.#found.add(chart, this.#whole[number]);
  }
}

const BEYOND_ASCII = /[\u0080-\u00ff]/;

function parseJson(latin1: string): { readonly value: unknown } | undefined {
  try {
    return {
      value: JSON.parse(BEYOND_ASCII.test(latin1) ? Buffer.from(latin1, "latin1").toString("utf8") : latin1),
    };
  } catch {
    return undefined;
  }
}
