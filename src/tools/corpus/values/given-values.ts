// Input values: command line texts with their meaning, and typed values.

import type { Chance } from "./chance.ts";
import type { Json } from "./json-data.ts";

export const NEW_KEYS = [
  "fresh",
  "with space",
  "x.y",
  "on",
  "1",
  "e=f",
  "a,b",
  "z[0",
  "#c",
  "é",
  "null",
  "?",
  "-",
  "back\\slash",
  "{1}",
] as const;

/** A command line text, and what it means when that is not the text itself. */
interface Typed {
  readonly text: string;
  /** When there is no value yet, and when there is a boolean. */
  readonly plain: Json;
  readonly overNumber: Json;
}

function asText(text: string): Typed {
  return { text, plain: text, overNumber: text };
}

const TYPED: readonly [Typed, ...Typed[]] = [
  { text: "8080", plain: 8080, overNumber: 8080 },
  { text: "-5", plain: -5, overNumber: -5 },
  { text: "+1", plain: 1, overNumber: 1 },
  { text: "0", plain: 0, overNumber: 0 },
  { text: "1.5", plain: "1.5", overNumber: 1.5 },
  { text: "20240115", plain: "20240115", overNumber: 20_240_115 },
  { text: "true", plain: true, overNumber: true },
  { text: "False", plain: false, overNumber: false },
  ...[
    "v2",
    "1.10",
    "0123",
    "no",
    "",
    " x ",
    "a: b",
    "x #y",
    "'",
    '"',
    "\\",
    "- a",
    "é😀",
    "0x1f",
    "1e3",
    "~",
  ].map(asText),
  ...[
    "?",
    "?q=1",
    "https://h/?a=b",
    "line1\nline2",
    "=",
    "<<",
    "*a",
    "&a",
    "!t",
    "%d",
    "@x",
    "`",
    "|",
    ">",
  ].map(asText),
  ...["x{1}", "{1", "2020-01-01", "12:30:45", "1_0", "9223372036854775808", "a,b", "[x]", "#", "--- x"].map(
    asText,
  ),
  ...[
    "...",
    "---",
    "\u2028",
    "\t",
    "on",
    "\u0085",
    "a:",
    ": b",
    "-",
    "- ",
    ".",
    "\u00a0",
    "\ufeff",
    "\u007f",
  ].map(asText),
];
/** The text that means null, whatever the old value is. */
const NULL = "null";

export function typed(text: string, standing: Json | undefined): Json {
  if (text === NULL) return null;
  const known = TYPED.find((one) => one.text === text) ?? asText(text);
  if (typeof standing === "string") return text;
  return typeof standing === "number" ? known.overNumber : known.plain;
}

export function textFor(chance: Chance): string {
  return chance.percent(3) ? NULL : chance.pick(TYPED).text;
}

export function valueFor(chance: Chance, map: "always" | "sometimes" | "never"): Json {
  const scalar = () => (chance.percent(20) ? typed(textFor(chance), undefined) : textFor(chance));
  if (map === "always" || (map === "sometimes" && chance.percent(15))) return mapFor(chance, scalar);
  if (chance.percent(12)) return Array.from({ length: chance.below(3) }, scalar);
  if (chance.percent(10)) return chance.pick([1, 0.5, -0.001, 12_345_678_901, 20_240_115, true, false, null]);
  return scalar();
}

function mapFor(chance: Chance, scalar: () => Json): Json {
  const keys = [...new Set([chance.pick(NEW_KEYS), chance.pick(NEW_KEYS)])];
  return Object.fromEntries(
    keys.map((key) => [key, chance.percent(20) ? [scalar(), { a: scalar() }] : scalar()]),
  );
}
