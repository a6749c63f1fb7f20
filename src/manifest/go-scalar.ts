// What go-yaml 2 makes of a scalar (its resolve.go: YAML 1.1 numbers, booleans and nulls), and the text that Go's
// YAML-to-JSON step (sigs.k8s.io/yaml) turns a number or a boolean into where Helm's field is a string.

import type { Scalar } from "./yaml-tree.ts";

/** A bigint is an integer of Go, a number is a float64. */
export type GoScalar = string | bigint | number | boolean | null;

const WORDS = new Map<string, GoScalar>([
  ...spelled(true, ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]),
  ...spelled(false, ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]),
  ...spelled(null, ["", "~", "null", "Null", "NULL"]),
  ...spelled(Number.NaN, [".nan", ".NaN", ".NAN"]),
  ...spelled(Number.POSITIVE_INFINITY, [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"]),
  ...spelled(Number.NEGATIVE_INFINITY, ["-.inf", "-.Inf", "-.INF"]),
]);

const CORE = "tag:yaml.org,2002:";
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const MAX_INT = 2n ** 63n;
const MAX_UINT = 2n ** 64n;

/** The value of a scalar; `undefined` when its tag and its text do not agree, which go-yaml refuses to decode. */
export function resolveScalar({ text, style, tag }: Scalar): GoScalar | undefined {
  if (tag === undefined) return style === "plain" ? resolvePlain(text) : text;
  if (!tag.startsWith(CORE)) return text;
  const value = resolvePlain(text);
  switch (tag.slice(CORE.length)) {
    case "str":
      return text;
    case "binary":
      return isBase64(text) ? Buffer.from(text, "base64").toString("utf8") : undefined;
    case "null":
      return value === null ? null : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "int":
      return typeof value === "bigint" ? value : undefined;
    case "float":
      return typeof value === "bigint" ? Number(value) : typeof value === "number" ? value : undefined;
    case "timestamp":
      return typeof value === "string" && isTimestamp(value) ? value : undefined;
    default:
      return text;
  }
}

/** The value of an unquoted text without a tag. A timestamp stays text. */
export function resolvePlain(text: string): GoScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (/^\./.test(text)) return parseFloat64(text) ?? text;
  if (!/^[-+0-9]/.test(text) || isTimestamp(text)) return text;
  const digits = text.replaceAll("_", "");
  const integer = parseInteger(digits);
  if (integer !== undefined && integer >= -MAX_INT && integer < MAX_UINT) return integer;
  return parseFloat64(digits) ?? text;
}

function parseFloat64(text: string): number | undefined {
  const value = FLOAT.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The text of a value in a field that Go declares a string. */
export function goText(value: Exclude<GoScalar, null>): string {
  return typeof value === "number" ? floatText(value) : String(value);
}

/** Go's strconv.FormatFloat(value, 'g', -1, 32): the shortest digits that name the same 32-bit float. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single < 0 ? "-Inf" : "+Inf";
  if (single === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = shortestSingle(single).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= FIRST_POWER) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return decimalText(mantissa, exponent);
}

/** A million and more is written with an exponent. */
const FIRST_POWER = 6;

function shortestSingle(single: number): string {
  for (let digits = 0; digits < 17; digits += 1) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) return text;
  }
  return single.toExponential();
}

function decimalText(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.padEnd(exponent + 1, "0");
  const fraction = whole.slice(exponent + 1);
  return sign + whole.slice(0, exponent + 1) + (fraction === "" ? "" : `.${fraction}`);
}

/** Go's strconv.ParseInt with base 0: a sign, then decimal, 0x, 0o or 0 (octal), 0b. */
function parseInteger(text: string): bigint | undefined {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = ""] = match;
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits);
  return sign === "-" ? -value : value;
}

/** Whether an unquoted text is a date or a time of YAML 1.1. */
export function isTimestamp(text: string): boolean {
  return /^\d{4}-\d{1,2}-\d{1,2}([Tt]|[ \t]+|$)/.test(text) && !Number.isNaN(Date.parse(dayOf(text)));
}

function dayOf(text: string): string {
  const [year, month = "", day = ""] = text.split(/[Tt \t]/)[0]?.split("-") ?? [];
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function isBase64(text: string): boolean {
  const packed = text.replace(/[\r\n]/g, "");
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}

function spelled(value: GoScalar, texts: readonly string[]): [string, GoScalar][] {
  return texts.map((text) => [text, value]);
}
