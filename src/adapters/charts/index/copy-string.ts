// V8 keeps a whole string alive while a substring of it is in use; an index is cut into a great many substrings.

/** An independent copy of a latin1 string. */
export function copyString(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
