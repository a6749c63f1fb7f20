// JSON from outside: of unknown shape, perhaps no JSON at all, and perhaps made to take long.

import { findExcess, type JsonLimits } from "../../../domain/model/json-excess.ts";

/** Many times what is said of one chart, and as much as the parser takes in some milliseconds. */
const OF_ONE: JsonLimits = { values: 50_000, containers: 25_000, keys: 20_000, keysOfOne: 5_000 };
/** Of a list of some thousand versions. */
export const OF_MANY: JsonLimits = { values: 200_000, containers: 40_000, keys: 20_000, keysOfOne: 5_000 };

/** The value; undefined when the text is not well-formed, or holds more than `most`. */
export function parseForeignJson(body: Uint8Array, most = OF_ONE): unknown {
  const text = Buffer.from(body).toString("utf8");
  return findExcess(text, most) === undefined ? parse(text)?.value : undefined;
}

/** The value of UTF-8 text given as bytes in latin1; nothing when it is not well-formed. */
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
