// Reads an index in JSON object by object, keeping of each only what is wanted.

import type { FoundEntries, IndexQuery } from "./index-content.ts";
import { JsonEntries } from "./json-entries.ts";
import { takeParsedIndex } from "./parsed-index.ts";
import type { PieceReader } from "./piece-reader.ts";

export class JsonIndex implements PieceReader {
  readonly #query: IndexQuery;
  readonly #found: FoundEntries;
  readonly #json: JsonEntries;
  /** What is kept of each object, by its number. */
  readonly #kept: unknown[] = [];
  #malformed = false;

  constructor(query: IndexQuery, found: FoundEntries) {
    this.#query = query;
    this.#found = found;
    this.#json = new JsonEntries(query.layout === "index" ? 3 : 2, (text) => {
      const parsed = parseJson(text);
      if (parsed === undefined) this.#malformed = true;
      else this.#kept.push(wanted(parsed.value, query.chart));
    });
  }

  push(piece: string): void {
    this.#json.push(piece);
  }

  end(): ReturnType<PieceReader["end"]> {
    const root = parseJson(this.#json.end());
    if (root === undefined || this.#malformed) return { kind: "odd" };
    const resolve = (value: unknown) => this.#kept[Object(value)[""]];
    const { layout } = this.#query;
    return takeParsedIndex({ layout, value: root.value, resolve }, this.#found) ?? { kind: "read" };
  }
}

/** The entry, if it may be one of the chart's; the fields that a poll compares, when no chart is asked for. */
function wanted(entry: unknown, chart: string | undefined): unknown {
  const { name, version, digest, created } = Object(entry);
  if (chart === undefined) return { name, version, digest, created };
  return name === chart ? entry : undefined;
}

function parseJson(latin1: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(Buffer.from(latin1, "latin1").toString("utf8")) };
  } catch {
    return undefined;
  }
}
