// Quoted text whose continuation line is not indented: Helm's reader continues it, YAML 1.2 ends it there.

import { Composer, Parser } from "yaml";

/** The most such lines in one file; each needs another parse. */
const MOST = 20;

/**
 * The text with those line breaks replaced by blanks, one character for one. Its values are the same if a single line
 * break was between two words; the caller's comparison proves that. Unchanged when there are none.
 */
export function joinQuotedLines(text: string): string {
  let joined = text;
  for (let count = 0; count < MOST; count++) {
    const at = breakInQuotes(joined);
    if (at === undefined) return joined;
    joined = `${joined.slice(0, at)} ${joined.slice(at + 1)}`;
  }
  return joined;
}

/** The index of the line break where the parser reports the first unterminated quoted text. */
function breakInQuotes(text: string): number | undefined {
  const composer = new Composer({
    schema: "failsafe",
    version: "1.1",
    prettyErrors: false,
    logLevel: "silent",
  });
  for (const { errors } of composer.compose(new Parser().parse(text))) {
    const unended = errors.find(
      ({ code, message }) => code === "MISSING_CHAR" && /closing .quote/.test(message),
    );
    const [at = -1] = unended?.pos ?? [];
    return text[at] === "\n" ? at : undefined;
  }
  return undefined;
}
