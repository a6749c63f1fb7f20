// Which type a value is written with, and what a reviewer should know about it.

import { printedNumber } from "../../go-yaml/decode/go-float.ts";
import { resolvePlain } from "../../go-yaml/decode/go-scalar.ts";
import type { Value, ValuePath } from "../../model/umbrella.ts";
import { pathText } from "../../strvals/path-text.ts";
import { typedValue } from "../../strvals/typed-value.ts";
import type { Plain } from "../yaml/go-map.ts";
import { isList } from "./with-value.ts";

/**
 * Types a value from the command line by the value that it replaces: a text stays a text, and a number a number if
 * possible. Without an old value as Helm does, except that an integer which a template would print with an exponent
 * becomes a text.
 */
export function valueInPlace(untyped: string | readonly string[], standing: Plain | undefined): Value {
  if (typeof untyped === "string") return scalarInPlace(untyped, standing);
  const items = isList(standing) ? standing : [];
  return untyped.map((text, index) => scalarInPlace(text, items[index] ?? items.at(-1)));
}

function scalarInPlace(text: string, standing: Plain | undefined): Value {
  const seen = typedValue(text);
  if (seen === null) return null;
  if (typeof standing === "string") return text;
  if (typeof seen === "boolean") return seen;
  const isNumber = typeof standing === "bigint" || typeof standing === "number";
  if (typeof seen === "string") return isNumber ? (numberPrintedAs(text) ?? text) : text;
  const isExact = BigInt(Number(seen)) === seen && Number.isSafeInteger(Number(seen));
  return isExact && (isNumber || printedNumber(Number(seen)) === String(seen)) ? Number(seen) : String(seen);
}

/** The number that a template prints in just these characters. */
function numberPrintedAs(text: string): number | undefined {
  const value = resolvePlain(text);
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && printedNumber(number) === text ? number : undefined;
}

export interface WrittenValue {
  readonly path: ValuePath;
  readonly value: Value;
  readonly standing: Plain | undefined;
  /** What the value was given as, if its type was not. */
  readonly untyped?: string | readonly string[];
}

/** Where a template may print or judge the value otherwise than its writer thinks; one sentence each. */
export function remarks({ path, value, standing, untyped }: WrittenValue): readonly string[] {
  const name = pathText(path);
  const isQuoted =
    typeof untyped === "string" && typeof value === "string" && typeof typedValue(untyped) === "bigint";
  return [
    ...numbersIn(value).flatMap((number) => exponentNote(name, number)),
    ...(isQuoted && typeof standing !== "string"
      ? [
          `${name} is written as the text "${value}": a template would print the number as ${printedNumber(Number(value))}.`,
        ]
      : []),
    ...(typeof standing === "boolean" && typeof value === "string"
      ? [
          `${name} was ${standing} and is now the text "${value}", which counts as ${value === "" ? "false" : "true"} in a template.`,
        ]
      : []),
  ];
}

function exponentNote(name: string, number: number): readonly string[] {
  const printed = printedNumber(number);
  return printed === String(number)
    ? []
    : [
        `${name} holds the number ${number}, which a template prints as ${printed} unless it converts or quotes it.`,
      ];
}

function numbersIn(value: Value): readonly number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
