// Limits the size of a JSON text before it is parsed: a megabyte of brackets would block the event loop too long in the
// parser.

const MAX_DEPTH = 64;
/**
 * Characters of a key that are compared; longer keys with the same beginning count as one, and few of those fit into a
 * body.
 */
const LONGEST_LOOKED_AT = 100;

export interface JsonLimits {
  /** Values of all kinds. */
  readonly values: number;
  /** Maps and lists: each costs the parser as much as ten numbers. */
  readonly containers: number;
  /** Distinct keys over all maps: the most expensive part of parsing. */
  readonly keys: number;
  /** Keys of one map: validation reports each unknown one. */
  readonly keysOfOne: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = codes('"\\,:');
const [LIST, LIST_END, MAP, MAP_END] = codes("[]{}");
const SPACES: ReadonlySet<number | undefined> = new Set(codes(" \t\n\r"));
const ENDS_SCALAR: ReadonlySet<number | undefined> = new Set([...codes('",:[]{}'), ...SPACES]);

/**
 * The rest of a sentence about the limit that is exceeded, without a full stop; otherwise `undefined`. For invalid JSON
 * either result is possible.
 */
export function findExcess(text: string, most: JsonLimits): string | undefined {
  /** Number of keys so far in each open list and map. */
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
      // The text before the colon was a key, not a value.
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

/** The index after the closing quote. */
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
