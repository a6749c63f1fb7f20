// The lines of a paragraph that begin in plain text, not inside of code, a tag or a link from an earlier line
// (CommonMark 0.31.2, section 6). One pass over the characters. When tags or links are written so that only a full
// parser could find their end, no later line counts.

/** `paragraph`: its lines, in order. */
export function linesOutsideSpans(paragraph: readonly string[]): readonly string[] {
  const text = paragraph.join("\n");
  const closing = backtickRuns(text);
  const lastBracket = text.lastIndexOf("]");
  const outside: string[] = [];
  let line = 0;
  let brackets = 0;
  if (isDefinition(text)) return [];
  for (let at = 0; at < text.length; ) {
    if (at === 0 || text[at - 1] === "\n") {
      if (brackets === 0 || lastBracket < at) outside.push(paragraph[line] ?? "");
      line += 1;
    }
    const step = stepAt(text, at, closing);
    if (step === undefined) break;
    line += step.lines;
    brackets = Math.max(0, brackets + step.brackets);
    at += step.length;
  }
  return outside;
}

interface Step {
  readonly length: number;
  /** Line breaks inside. */
  readonly lines: number;
  readonly brackets: number;
}

/** Skips the next character or construct; `undefined` when only a full parser could continue. */
function stepAt(text: string, at: number, closing: BacktickRuns): Step | undefined {
  switch (text.charAt(at)) {
    case "\\":
      return plain(/^\\[!-/:-@[-`{-~]/.test(text.slice(at, at + 2)) ? 2 : 1);
    case "`":
      return codeAt(text, at, closing);
    case "<":
      return tagAt(text, at);
    case "[":
      return { ...plain(1), brackets: 1 };
    case "]":
      return bracketAt(text, at);
    default:
      return plain(1);
  }
}

function plain(length: number): Step {
  return { length, lines: 0, brackets: 0 };
}

/** Starts of the runs of backticks, by their length, the last one first. */
type BacktickRuns = Map<number, number[]>;

function backtickRuns(text: string): BacktickRuns {
  const runs: BacktickRuns = new Map();
  const all = [...text.matchAll(/`+/g)];
  for (const { 0: run, index } of all.toReversed()) {
    const starts = runs.get(run.length) ?? [];
    starts.push(index);
    runs.set(run.length, starts);
  }
  return runs;
}

/** Skips a code span, or backticks that are literal. */
function codeAt(text: string, at: number, closing: BacktickRuns): Step {
  let length = 1;
  while (text[at + length] === "`") length += 1;
  const starts = closing.get(length) ?? [];
  while ((starts.at(-1) ?? Number.POSITIVE_INFINITY) <= at) starts.pop();
  const end = starts.at(-1);
  if (end === undefined) return plain(length);
  const code = text.slice(at, end + length);
  const opened = code.split("[").length - 1;
  return { length: code.length, lines: code.split("\n").length - 1, brackets: opened };
}

const LONGEST_SIMPLE = 2_000;

/** Skips an autolink or a tag without blanks. */
function tagAt(text: string, at: number): Step | undefined {
  const [simple] = /^<[^\s<>`!?][^\s<>`]*>/.exec(text.slice(at, at + LONGEST_SIMPLE)) ?? [];
  if (simple !== undefined) return plain(simple.length);
  return /[A-Za-z/!?]/.test(text[at + 1] ?? "") ? undefined : plain(1);
}

/** Skips a link's destination without blanks; nothing that could continue on the next line. */
function bracketAt(text: string, at: number): Step | undefined {
  const closes = { ...plain(1), brackets: -1 };
  if (text[at + 1] !== "(") return closes;
  const [address] = /^\]\([^\s()<>"'`[\]\\]*\)/.exec(text.slice(at, at + LONGEST_SIMPLE)) ?? [];
  return address === undefined ? undefined : { ...closes, length: address.length };
}

/** A link reference definition may continue on the next lines (CommonMark 4.7). */
function isDefinition(text: string): boolean {
  return /^ {0,3}\[/.test(text) && text.includes("]:");
}
