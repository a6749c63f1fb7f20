// Whether there is too much in a text of JSON, counted before anything is made of it: a megabyte of brackets takes the parser
// longer than anybody else is to wait.

const MAX_DEPTH = 64;
/** Of each key; longer ones that begin alike count as one, and as few fit into a body. */
const LONGEST_LOOKED_AT = 100;

export interface JsonLimits {
  /** Of all kinds together. */
  readonly values: number;
  /** Maps and lists together: each takes the parser as long as ten numbers. */
  readonly containers: number;
  /** That differ, of all maps together: these take the parser longest. */
  readonly keys: number;
  /** Of one map: whoever reads it tells of each that is unknown. */
  readonly keysOfOne: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = codes('"\\,:');
const [LIST, LIST_END, MAP, MAP_END] = codes("[]{}");
const SPACES: ReadonlySet<number | undefined> = new Set(codes(" \t\n\r"));
const ENDS_SCALAR: ReadonlySet<number | undefined> = new Set([...codes('",:[]{}'), ...SPACES]);

/** The rest of a sentence about the text, without a full stop; `undefined` where there is not. What is no JSON may have it or not. */
export function findExcess(text: string, most: JsonLimits): string | undefined {
  /** Keys so far of each list and map that is open. */
  const open: number[] = [];
  let values = 0;
  let containers = 0;
  const differing = new Set<string>();
  let lastText = "";
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      values += 1;
      const end = endOfText(text, at);
      lastText = text.slice(at, Math.min(end, at + LONGEST_LOOKED_AT));
      at = end;
      continue;
    }
    if (code === COLON) {
      // The text in front of it was a key.
      values -= 1;
      differing.add(lastText);
      const keys = (open.at(-1) ?? 0) + 1;
      if (keys > most.keysOfOne) return `has a map with more than ${most.keysOfOne} keys`;
      if (differing.size > most.keys) return `has more than ${most.keys} keys that differ`;
      if (open.length > 0) open[open.length - 1] = keys;
    } else if (code === LIST || code === MAP) {
      values += 1;
      containers += 1;
      if (containers > most.containers) return `holds more than ${most.containers} maps and lists`;
      if (open.push(0) > MAX_DEPTH) return `nests deeper than ${MAX_DEPTH} levels`;
    } else if (code === LIST_END || code === MAP_END) {
      open.pop();
    } else if (code !== COMMA && !SPACES.has(code)) {
      values += 1;
      at = endOfScalar(text, at);
      continue;
    }
    if (values > most.values && code !== COLON) return tooMany(most);
    at += 1;
  }
  return values > most.values ? tooMany(most) : undefined;
}

function tooMany({ values }: JsonLimits): string {
  return `holds more than ${values} values`;
}

/** Behind the closing quote. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  for (let code = text.charCodeAt(at); at < text.length && code !== QUOTE; code = text.charCodeAt(at))
    at += code === BACKSLASH ? 2 : 1;
  return at + 1;
}

function endOfScalar(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && !ENDS_SCALAR.has(text.charCodeAt(at))) at += 1;
  return at;
}

function codes(characters: string): readonly number[] {
  return Array.from(characters, (character) => character.charCodeAt(0));
}
