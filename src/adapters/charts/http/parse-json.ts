// JSON from outside: of unknown shape, and perhaps no JSON at all.

/** The value; undefined when the text is not well-formed. */
export function parseForeignJson(body: Uint8Array): unknown {
  return parse(Buffer.from(body).toString("utf8"))?.value;
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
