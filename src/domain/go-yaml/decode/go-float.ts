// Floats as Go writes them where a text is wanted: with an exponent from a million on and below 0.0001.

import type { GoScalar } from "./go-scalar.ts";

/** The text of a value in a field that Go declares a string (sigs.k8s.io/yaml, convertToJSONableObject). */
export function goText(value: Exclude<GoScalar, null>): string {
  return typeof value === "number" ? goFloat(value) : String(value);
}

/** The same where a key is made of a float. */
export function goFloatKey(value: number): string {
  const text = goFloat(value);
  if (text === "NaN") return ".nan";
  return text.endsWith("Inf") ? text.replace("+", "").replace("Inf", ".inf") : text;
}

/** Go's strconv.FormatFloat(value, 'g', -1, 32): the shortest digits that name the same 32-bit float. */
export function goFloat(value: number): string {
  return general(Math.fround(value), shortest);
}

/** What a Go template prints for a float64, which is what Helm makes of every number in values: `%v`. */
export function printedNumber(value: number): string {
  return general(value, (size) => decimalOf(size.toExponential()));
}

function general(value: number, shortestOf: (size: number) => Decimal): string {
  if (Number.isNaN(value)) return "NaN";
  const size = Math.abs(value);
  const isNegative = value < 0 || Object.is(value, -0);
  if (!Number.isFinite(size)) return isNegative ? "-Inf" : "+Inf";
  return (isNegative ? "-" : "") + (size === 0 ? "0" : written(shortestOf(size)));
}

/** A number as `d.ddde±x`. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

const MOST_DIGITS = 9;
/** As exact as JavaScript writes a number. */
const EXACT = 100;

function shortest(size: number): Decimal {
  const exact = decimalOf(size.toExponential(EXACT));
  for (let count = 1; count < MOST_DIGITS; count += 1) {
    const found = nearest(size, exact, count).find((decimal) => Math.fround(numberOf(decimal)) === size);
    if (found !== undefined) return found;
  }
  return decimalOf(size.toExponential(MOST_DIGITS - 1));
}

/**
 * The nearest number of so many digits, of two the even one, and the next larger one: above a power of two the floats
 * are twice as far apart as below, so the nearest digits may name another float, and of two Go takes the larger one.
 */
function nearest(size: number, { digits, exponent }: Decimal, count: number): readonly Decimal[] {
  const below = { digits: digits.slice(0, count), exponent };
  const isTie = /^50*$/.test(digits.slice(count)) && !Number.isInteger(Math.log2(size));
  const rounded = isTie && /[02468]$/.test(below.digits) ? below : decimalOf(size.toExponential(count - 1));
  const above = Number(`${Number(rounded.digits) + 1}e${rounded.exponent - count + 1}`);
  return [rounded, decimalOf(above.toExponential(count - 1))];
}

function decimalOf(text: string): Decimal {
  const [mantissa = "", exponent] = text.split("e");
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

function numberOf({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent - digits.length + 1}`);
}

const FIRST_POWER = 6;

function written({ digits, exponent }: Decimal): string {
  if (exponent >= FIRST_POWER || exponent < -4) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    const sign = exponent < 0 ? "-" : "+";
    return `${digits[0]}${fraction}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.padEnd(exponent + 1, "0");
  const fraction = whole.slice(exponent + 1);
  return whole.slice(0, exponent + 1) + (fraction === "" ? "" : `.${fraction}`);
}
