// JSON bodies: strict UTF-8, syntax errors with their position, and only content that a database and a YAML file can
// store.

import { findExcess, type JsonLimits } from "../../domain/model/json-excess.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { findFault } from "./json-fault.ts";

/** Far more than any system's event contains. */
const MOST: JsonLimits = { values: 50_000, containers: 25_000, keys: 20_000, keysOfOne: 5_000 };

/** The document, or the place of its first error, counted from 1. `most`: limits that differ from the default. */
export function parseJson(bytes: Uint8Array, most: Partial<JsonLimits> = {}): Result<unknown> {
  const text = decode(bytes);
  if (text === undefined) return fail(malformed("The body is not UTF-8."));
  if (text.trim() === "") return fail(malformed("The body is empty."));
  const excess = findExcess(text, { ...MOST, ...most });
  if (excess !== undefined) return fail(malformed(`The body ${excess}.`));
  try {
    const document: unknown = JSON.parse(text);
    const flaw = findFlaw(document);
    return flaw === undefined ? ok(document) : fail(malformed(flaw));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return fail(malformed(`The body is not JSON: ${place(text)}.`));
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function place(text: string): string {
  const { offset, expected } = findFault(text);
  const before = text.slice(0, offset).split("\n");
  const found = offset < text.length ? JSON.stringify(text[offset]) : "the end";
  return `expected ${expected} but found ${found} at line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

/** Content that no database and no YAML file can store. */
function findFlaw(node: unknown): string | undefined {
  if (typeof node === "string") return isStorable(node) ? undefined : unstorable("a text");
  if (typeof node === "number")
    return Number.isFinite(node) ? undefined : "The body holds a number too large to keep.";
  if (typeof node !== "object" || node === null) return undefined;
  const entries = Array.isArray(node) ? node.entries() : Object.entries(node);
  for (const [key, value] of entries) {
    const flaw = (typeof key === "string" ? flawInKey(key) : undefined) ?? findFlaw(value);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function flawInKey(key: string): string | undefined {
  if (key === "__proto__") return "The body uses the key `__proto__`.";
  return isStorable(key) ? undefined : unstorable("a key");
}

/** PostgreSQL stores no NUL in text, and UTF-8 has no unpaired surrogates. */
function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

function unstorable(what: string): string {
  return `The body has ${what} with a NUL or half of a surrogate pair in it.`;
}

function malformed(message: string): Problem {
  return { code: "malformed", message, help: "Send one JSON document in UTF-8." };
}
