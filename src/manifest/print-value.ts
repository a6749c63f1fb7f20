// A plain value as YAML text that Helm reads back with the same type.

import type { Value } from "../model/umbrella.ts";
import type { Plain } from "./go-map.ts";
import { resolvePlain } from "./go-scalar.ts";
import { plainOrQuoted } from "./scalar-text.ts";

export interface Layout {
  /** Of the line the value's own lines are written below. */
  readonly indent: string;
  /** One more level. */
  readonly step: string;
  readonly lineBreak: string;
}

/** `key: value`, a list or a filled map on lines of its own, its first line without indentation. */
export function printPair(key: string, value: Value, layout: Layout): string {
  const name = plainOrQuoted(key, { flow: false });
  if (!isFilled(value)) return `${name}: ${printInline(value, "block")}`;
  const indent = layout.indent + layout.step;
  return `${name}:${layout.lineBreak}${indent}${printBlock(value, { ...layout, indent })}`;
}

/** The lines of a list or a map, the first without its indentation. */
export function printBlock(value: Value, layout: Layout): string {
  const next = layout.lineBreak + layout.indent;
  if (isList(value)) {
    const below = { ...layout, indent: `${layout.indent}  ` };
    return value
      .map((item) => `- ${isFilled(item) ? printBlock(item, below) : printInline(item, "block")}`)
      .join(next);
  }
  if (!isMap(value)) return printInline(value, "block");
  return Object.entries(value)
    .map(([key, item]) => printPair(key, item, layout))
    .join(next);
}

/** The value on one line: `[a, b]`, `{a: 1}`, a scalar. */
export function printInline(value: Value, place: "flow" | "block"): string {
  if (isList(value)) return `[${value.map((item) => printInline(item, "flow")).join(", ")}]`;
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => printInlinePair(key, item))
      .join(", ")}}`;
  }
  return typeof value === "string" ? plainOrQuoted(value, { flow: place === "flow" }) : String(value);
}

export function printInlinePair(key: string, value: Value): string {
  return `${plainOrQuoted(key, { flow: true })}: ${printInline(value, "flow")}`;
}

/** What Helm reads where this value is written. */
export function plainValue(value: Value): Plain {
  if (isList(value)) return value.map(plainValue);
  if (isMap(value)) return new Map(Object.entries(value).map(([key, item]) => [key, plainValue(item)]));
  return typeof value === "number" ? resolvePlain(String(value)) : value;
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
