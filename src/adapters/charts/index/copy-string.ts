// V8 keeps a whole text alive as long as a part cut from it is in use; an index is cut into a great many parts.

/** A copy of a latin1 text that stands on its own. */
export function copyString(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
