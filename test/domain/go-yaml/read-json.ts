/** The value of a JSON text; an integer that a number does not hold exactly is a bigint. */
export function readJson(text: string): unknown {
  // A reviver cannot go as deep as JSON.parse itself.
  return /\d{16}/.test(text) ? JSON.parse(text, exactIntegers) : JSON.parse(text);
}

/** The third parameter (ECMAScript's JSON.parse source text access) is not in TypeScript's library yet. */
function exactIntegers(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source ?? "";
  return typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
    ? BigInt(source)
    : value;
}
