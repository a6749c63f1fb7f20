// JSON from outside: of unknown shape, and perhaps no JSON at all.

/** The value; undefined when the text is not well-formed. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
}
