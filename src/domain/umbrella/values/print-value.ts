// A plain value as YAML text that Helm reads back with the same type.

import { resolvePlain } from "../../go-yaml/decode/go-scalar.ts";
import type { Value } from "../../model/umbrella.ts";
import type { Plain } from "../yaml/go-map.ts";
import { plainOrQuoted, type Surroundings } from "../yaml/scalar-text.ts";

export interface ValueLayout {
  /** Of the line the value's own lines are written below. */
  readonly indent: string;
  /** One more level. */
  readonly step: string;
  readonly lineBreak: string;
}

const BLOCK: Surroundings = { flow: false };

/** `key: value`, a list or a filled map on lines of its own, its first line without indentation. */
export function printPair(key: string, value: Value, layout: ValueLayout): string {
  const name = plainOrQuoted(key, { flow: false });
  if (!isFilled(value)) return `${name}: ${printInline(value, BLOCK)}`;
  const indent = layout.indent + layout.step;
  return `${name}:${layout.lineBreak}${indent}${printBlock(value, { ...layout, indent })}`;
}

/** The lines of a list or a map, the first without its indentation. */
export function printBlock(value: Value, layout: ValueLayout): string {
  const next = layout.lineBreak + layout.indent;
  if (isList(value)) {
    const below = { ...layout, indent: `${layout.indent}  ` };
    return value
      .map((item) => `- ${isFilled(item) ? printBlock(item, below) : printInline(item, BLOCK)}`)
      .join(next);
  }
  if (!isMap(value)) return printInline(value, BLOCK);
  return Object.entries(value)
    .map(([key, item]) => printPair(key, item, layout))
    .join(next);
}

/** The value on one line: `[a, b]`, `{a: 1}`, a scalar. */
export function printInline(value: Value, place: Surroundings): string {
  const within = { ...place, flow: true };
  if (isList(value)) return `[${value.map((item) => printInline(item, within)).join(", ")}]`;
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => printInlinePair(key, item, within))
      .join(", ")}}`;
  }
  return typeof value === "string" ? plainOrQuoted(value, place) : String(value);
}

export function printInlinePair(key: string, value: Value, place: Surroundings): string {
  return `${plainOrQuoted(key, place)}: ${printInline(value, place)}`;
}

/** What Helm reads where this value is written. */
export function plainValue(value: Value): Plain {
  if (isList(value)) return value.map(plainValue);
  if (isMap(value)) return new Map(Object.entries(value).map(([key, item]) => [key, plainValue(item)]));
  return typeof value === "number" ? resolvePlain(String(value)) : value;
}

/** The plain data as a value; `undefined` for an integer that a JavaScript number does not hold exactly. */
export function asValue(data: Plain): Value | undefined {
  if (typeof data === "bigint") return Number.isSafeInteger(Number(data)) ? Number(data) : undefined;
  if (data === null || typeof data !== "object") return data;
  const entries = data instanceof Map ? [...data] : [...data.entries()];
  const values = new Map<string | number, Value>();
  for (const [key, item] of entries) {
    const value = asValue(item);
    if (value === undefined) return undefined;
    values.set(key, value);
  }
  return data instanceof Map ? Object.fromEntries(values) : [...values.values()];
}

export function isMap(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !isList(value);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isFilled(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  return isMap(value) && Object.keys(value).length > 0;
}
