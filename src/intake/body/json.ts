// JSON bodies: strict UTF-8, a place for every syntax error, and nothing that a database or a YAML file cannot hold.

import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { findFault } from "./json-fault.ts";

const MAX_DEPTH = 64;
/** Of all kinds together: many times what any system's event holds. */
const MAX_VALUES = 50_000;
/** Of one map: whoever reads it tells of each that is unknown. */
const MAX_KEYS = 5_000;

/** The document, or where it breaks, counted from 1. `most`: values of all kinds together. */
export function parseJson(bytes: Uint8Array, most = MAX_VALUES): Result<unknown> {
  const text = decode(bytes);
  if (text === undefined) return fail(malformed("The body is not UTF-8."));
  if (text.trim() === "") return fail(malformed("The body is empty."));
  try {
    const document: unknown = JSON.parse(text);
    const flaw = findFlaw(document, most);
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

/** Whether there is too much of it, or what no database and no YAML file can hold. Goes no deeper than is allowed. */
function findFlaw(document: unknown, most: number): string | undefined {
  let values = 0;
  return flawIn(document, 0);

  function flawIn(node: unknown, depth: number): string | undefined {
    values += 1;
    if (values > most) return `The body holds more than ${most} values.`;
    if (typeof node === "string") return isStorable(node) ? undefined : unstorable("a text");
    if (typeof node === "number")
      return Number.isFinite(node) ? undefined : "The body holds a number too large to keep.";
    if (typeof node !== "object" || node === null) return undefined;
    if (depth >= MAX_DEPTH) return `The body nests deeper than ${MAX_DEPTH} levels.`;
    return Array.isArray(node) ? flawInList(node, depth) : flawInMap(node, depth);
  }

  function flawInList(list: readonly unknown[], depth: number): string | undefined {
    for (const item of list) {
      const flaw = flawIn(item, depth + 1);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }

  function flawInMap(map: object, depth: number): string | undefined {
    const entries = Object.entries(map);
    if (entries.length > MAX_KEYS) return `The body has a map with more than ${MAX_KEYS} keys.`;
    for (const [key, value] of entries) {
      const flaw = flawInKey(key) ?? flawIn(value, depth + 1);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }
}

function flawInKey(key: string): string | undefined {
  if (key === "__proto__") return "The body uses the key `__proto__`.";
  return isStorable(key) ? undefined : unstorable("a key");
}

/** PostgreSQL keeps no NUL in a text, and UTF-8 has no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

function unstorable(what: string): string {
  return `The body has ${what} with a NUL or half of a surrogate pair in it.`;
}

function malformed(message: string): Problem {
  return { code: "malformed", message, help: "Send one JSON document in UTF-8." };
}
