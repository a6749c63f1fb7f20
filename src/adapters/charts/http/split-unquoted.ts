// Splits lists in header fields whose elements may contain quoted strings (RFC 9110 section 5.6.4).

/** The parts between unquoted separators, trimmed, without empty ones. Linear. */
export function splitUnquoted(text: string, separator: "," | ";"): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = endOfPart(text, separator, 0); from <= text.length; at = endOfPart(text, separator, from)) {
    parts.push(text.slice(from, at).trim());
    from = at + 1;
  }
  return parts.filter((part) => part !== "");
}

/**
 * Index of the next unquoted separator from `from` on, which is unquoted itself; the text's length when there is none.
 */
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
