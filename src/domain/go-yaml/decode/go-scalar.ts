// What go-yaml 2 makes of a scalar's text (resolve.go): YAML 1.1 with Go's own numbers. Sexagesimals are texts; so are
// dates and times, for Helm reads into values without a type.

import { goBase64 } from "./go-base64.ts";
import { isTimestamp } from "./go-timestamp.ts";

/** An integer is a bigint and a float a number, so that 1 and 1.0 stay apart. */
export type GoScalar = null | boolean | bigint | number | string;

export interface ScalarText {
  readonly text: string;
  /** Written out, such as `tag:yaml.org,2002:str`; empty without. */
  readonly tag: string;
  /** Its text says what it is: plain without a tag, or with the tag `!`. */
  readonly implicit: boolean;
}

export type Resolved =
  | { readonly ok: true; readonly value: GoScalar }
  | { readonly ok: false; readonly message: string };

const CORE = "tag:yaml.org,2002:";
const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;
/** Behind a point, `_` may only part digits. */
const DOT_FLOAT = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

const WORDS: ReadonlyMap<string, GoScalar> = new Map<string, GoScalar>([
  ...spelled(true, "y Y yes Yes YES true True TRUE on On ON"),
  ...spelled(false, "n N no No NO false False FALSE off Off OFF"),
  ...spelled(null, "~ null Null NULL"),
  ["", null],
  ...spelled(Number.NaN, ".nan .NaN .NAN"),
  ...spelled(Number.POSITIVE_INFINITY, ".inf .Inf .INF +.inf +.Inf +.INF"),
  ...spelled(Number.NEGATIVE_INFINITY, "-.inf -.Inf -.INF"),
]);
const LONGEST_WORD = 5;

function spelled(value: GoScalar, texts: string): readonly [string, GoScalar][] {
  return texts.split(" ").map((text) => [text, value]);
}

/** A tag that go-yaml does not know leaves the text as it is. */
export function resolveScalar({ text, tag, implicit }: ScalarText): Resolved {
  if (tag === "") return { ok: true, value: implicit ? resolvePlain(text) : text };
  if (!tag.startsWith(CORE)) return { ok: true, value: text };
  const wanted = tag.slice(CORE.length);
  if (wanted === "binary") {
    const value = goBase64(text);
    return value === undefined
      ? { ok: false, message: "!!binary value contains invalid base64 data" }
      : { ok: true, value };
  }
  return KNOWN.has(wanted) ? decodeAs(wanted, text) : { ok: true, value: text };
}

const KNOWN = new Set(["bool", "int", "float", "null", "timestamp"]);

function decodeAs(wanted: string, text: string): Resolved {
  if (wanted === "timestamp" && isTimestamp(text)) return { ok: true, value: text };
  const value = resolvePlain(text);
  const found = kindOf(value);
  if (found === wanted) return { ok: true, value };
  if (wanted === "float" && typeof value === "bigint" && value <= MAX_INT)
    return { ok: true, value: Number(value) };
  return { ok: false, message: `cannot decode !!${found} \`${text}\` as a !!${wanted}` };
}

function kindOf(value: GoScalar): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  return typeof value === "number" ? "float" : "str";
}

/** The value of an unquoted text without a tag. */
export function resolvePlain(text: string): GoScalar {
  const word = text.length <= LONGEST_WORD ? WORDS.get(text) : undefined;
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return DOT_FLOAT.test(text) ? (parseFloat64(text.replaceAll("_", "")) ?? text) : text;
  const isNumber = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  // A version, most often: no number has two points.
  if (isNumber && text.indexOf(".") !== text.lastIndexOf(".")) return text;
  return isNumber ? (resolveNumber(text.replaceAll("_", "")) ?? text) : text;
}

function resolveNumber(digits: string): GoScalar | undefined {
  return parseInteger(digits) ?? parseFloat64(digits) ?? parseSignedBinary(digits);
}

/** A float that is too large for 64 bits is a text. */
function parseFloat64(text: string): number | undefined {
  const value = FLOAT.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Go's strconv.ParseInt and then ParseUint, with base 0: decimal, 0x, 0o or 0 (octal), 0b. A sign is only for those
 * that fit into an int64.
 */
function parseInteger(text: string): bigint | undefined {
  if (/^[1-9][0-9]{0,17}$/.test(text)) return BigInt(text);
  if (!/^[-+]?[0-9][0-9a-fA-FxXoO]*$/.test(text)) return undefined;
  const [, sign = "", body = ""] = /^([-+]?)([0-9].*)$/s.exec(text) ?? [];
  const size = parseSize(body);
  if (size === undefined) return undefined;
  const value = sign === "-" ? -size : size;
  return value >= MIN_INT && value <= (sign === "" ? MAX_UINT : MAX_INT) ? value : undefined;
}

const LONGEST_BINARY = 64;

function parseSize(body: string): bigint | undefined {
  const [, prefix = "", written] =
    /^(0[xX])([0-9a-fA-F]*)$/.exec(body) ??
    /^(0[bB])([01]*)$/.exec(body) ??
    /^(0[oO]?)([0-7]*)$/.exec(body) ??
    /^()([1-9][0-9]*)$/.exec(body) ??
    [];
  const digits = written?.replace(/^0+/, "");
  if (digits === undefined || digits.length > LONGEST_BINARY || /^0[a-zA-Z]$/.test(body)) return undefined;
  if (digits === "") return 0n;
  return BigInt((prefix === "0" ? "0o" : prefix.toLowerCase()) + digits);
}

/** `0b-1`, which Go reads as the binary number -1. */
function parseSignedBinary(text: string): bigint | undefined {
  const [, sign, digits = ""] = /^0b([-+])([01]+)$/.exec(text) ?? [];
  return sign === undefined ? undefined : parseInteger(`${sign}0b${digits}`);
}
