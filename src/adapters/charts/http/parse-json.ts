// Parses untrusted JSON: of unknown shape, possibly invalid, and possibly crafted to be slow.

import { findExcess, type JsonLimits } from "../../../domain/model/json-excess.ts";

/** Limits far above the data of one chart, which take the parser some milliseconds. */
const OF_ONE: JsonLimits = { values: 50_000, containers: 25_000, keys: 20_000, keysOfOne: 5_000 };
/** Limits for a list of some thousand versions. */
export const OF_MANY: JsonLimits = { values: 200_000, containers: 40_000, keys: 20_000, keysOfOne: 5_000 };

/** The value; `undefined` when the text is invalid, or exceeds `most`. */
export function parseForeignJson(body: Uint8Array, most = OF_ONE): unknown {
  const text = Buffer.from(body).toString("utf8");
  return findExcess(text, most) === undefined ? parse(text)?.value : undefined;
}

/** The value of UTF-8 text given as latin1 bytes; `undefined` when it is invalid. */
export function parseLatin1(text: string): { readonly value: unknown } | undefined {
  return parse(BEYOND_ASCII.test(text) ? Buffer.from(text, "latin1").toString("utf8") : text);
}

const BEYOND_ASCII = /[\u0080-\u00ff]/;

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
