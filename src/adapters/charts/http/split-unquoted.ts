// Lists in header fields, of which elements may hold quoted texts (RFC 9110 section 5.6.4).

/** The parts between separators that stand outside of quotes, without blanks at their ends, and without empty ones. Linear. */
export function splitUnquoted(text: string, separator: "," | ";"): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = endOfPart(text, separator, 0); from <= text.length; at = endOfPart(text, separator, from)) {
    parts.push(text.slice(from, at).trim());
    from = at + 1;
  }
  return parts.filter((part) => part !== "");
}

/** Position of the next separator outside of quotes from `from` on, which is outside of them; the text's length without one. */
export function endOfPart(text: string, separator: "," | ";", from: number): number {
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted && character === "\\") at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) return at;
  }
  return text.length;
}
