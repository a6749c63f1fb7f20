// Finds the place of a JSON syntax error (RFC 8259). The engine's own message has no position for short texts.

export interface JsonFault {
  /** Index of the first invalid character; the text's length when it ends too early. */
  readonly offset: number;
  readonly expected: string;
}

type Expected =
  | "a value"
  | "a value or ]"
  | "a key or }"
  | "a key"
  | ":"
  | ", or ]"
  | ", or }"
  | "nothing more";

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** Everything but the quote, the backslash and control characters. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Only for a text that JSON.parse rejected. */
export function findFault(text: string): JsonFault {
  const open: ("[" | "{")[] = [];
  let expected: Expected = "a value";
  let offset = skip(SPACE, text, 0);
  for (;;) {
    const step = take(text, offset, expected);
    if (!step.isRight) return { offset: step.end, expected: step.expected ?? expected };
    if (step.opens !== undefined) open.push(step.opens);
    if (step.closes === true) open.pop();
    expected = step.next ?? afterValue(open.at(-1));
    offset = skip(SPACE, text, step.end);
    if (offset >= text.length) return { offset: text.length, expected };
  }
}

interface Step {
  readonly isRight: boolean;
  readonly end: number;
  /** The expected token, if it differs from what the step began with. */
  readonly expected?: string;
  readonly opens?: "[" | "{";
  readonly closes?: true;
  /** The token expected next, when it does not follow from the open containers. */
  readonly next?: Expected;
}

function take(text: string, offset: number, expected: Expected): Step {
  const character = text[offset];
  const end = offset + 1;
  if (expected === "nothing more") return { isRight: false, end: offset };
  if (expected === ":")
    return { isRight: character === ":", end: character === ":" ? end : offset, next: "a value" };
  if (expected === ", or ]" || expected === ", or }") {
    if (character === ",") return { isRight: true, end, next: expected === ", or ]" ? "a value" : "a key" };
    return character === expected.at(-1)
      ? { isRight: true, end, closes: true }
      : { isRight: false, end: offset };
  }
  if (expected === "a key" || expected === "a key or }") {
    if (character === "}" && expected === "a key or }") return { isRight: true, end, closes: true };
    return character === '"' ? takeText(text, end, ":") : { isRight: false, end: offset };
  }
  if (character === "]" && expected === "a value or ]") return { isRight: true, end, closes: true };
  return takeValue(text, offset);
}

function takeValue(text: string, offset: number): Step {
  const end = offset + 1;
  const character = text[offset];
  if (character === "{") return { isRight: true, end, opens: "{", next: "a key or }" };
  if (character === "[") return { isRight: true, end, opens: "[", next: "a value or ]" };
  if (character === '"') return takeText(text, end);
  const after = skip(SCALAR, text, offset);
  return { isRight: after > offset, end: after };
}

/** From the index after the opening quote. */
function takeText(text: string, start: number, next?: Expected): Step {
  let offset = skip(PLAIN, text, start);
  while (text[offset] === "\\") {
    const after = skip(ESCAPE, text, offset);
    if (after === offset) return { isRight: false, end: offset, expected: "an escape that JSON knows" };
    offset = skip(PLAIN, text, after);
  }
  if (text[offset] !== '"') return { isRight: false, end: offset, expected: "a closing quote" };
  return next === undefined ? { isRight: true, end: offset + 1 } : { isRight: true, end: offset + 1, next };
}

function afterValue(inside: "[" | "{" | undefined): Expected {
  if (inside === undefined) return "nothing more";
  return inside === "[" ? ", or ]" : ", or }";
}

function skip(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}
