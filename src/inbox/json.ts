// JSON bodies: strict UTF-8, a place for every syntax error, and nothing that a database or a YAML file cannot hold.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import { findFault } from "./json-fault.ts";

const MAX_DEPTH = 64;

/** The document, or where it breaks, counted from 1. */
export function parseJson(bytes: Uint8Array): Result<unknown> {
  const text = decode(bytes);
  if (text === undefined) return fail(malformed("The body is not UTF-8."));
  if (text.trim() === "") return fail(malformed("The body is empty."));
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

/** Walks with a list of its own, because a document may nest deeper than the call stack goes. */
function findFlaw(document: unknown): string | undefined {
  const open: { readonly node: unknown; readonly depth: number }[] = [{ node: document, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > MAX_DEPTH) return `The body nests deeper than ${MAX_DEPTH} levels.`;
    if (typeof node === "string" && !isStorable(node)) return unstorable("a text");
    if (typeof node === "number" && !Number.isFinite(node))
      return "The body holds a number too large to keep.";
    if (typeof node !== "object" || node === null) continue;
    for (const [key, child] of Object.entries(node)) {
      if (!isStorable(key)) return unstorable("a key");
      if (key === "__proto__") return "The body uses the key `__proto__`.";
      open.push({ node: child, depth: depth + 1 });
    }
  }
  return undefined;
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
