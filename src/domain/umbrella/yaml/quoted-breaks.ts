// Quoted texts whose next line is not indented: Helm's reader goes on with them, YAML 1.2 lets them end there.

import { Composer, Parser } from "yaml";

/** So many such lines in one file are nobody's style; each takes one more reading. */
const MOST = 20;

/**
 * The text with blanks in the place of those line breaks, one character for one, so that its values are the same where one
 * line break stands between two words. Whether they are is for who compares; the text itself where there is none.
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

/** Where the first quoted text is said to miss its end, at a line break. */
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
