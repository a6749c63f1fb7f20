// A path in values as in `helm --set`: `image.tag`, `env[0].value`, `annotations.example\.com/revision` (helm/helm
// pkg/strvals, key, keyIndex and listItem). Parts that Helm silently drops are rejected here.

import { fail, ok, type Result } from "../model/problem.ts";
import type { ValuePath } from "../model/umbrella.ts";
import { refusal, StrvalsFault } from "./fault.ts";
import { Runes } from "./runes.ts";

/** Helm's MaxIndex and MaxNestedNameLevel. */
const MAX_INDEX = 65_536;
const MAX_NESTED = 30;

/**
 * Parses a whole text as a path; `values-invalid` for one that Helm rejects or partly drops. `env.0` is rejected as
 * well: in Helm it is a key named 0, and its writer probably means the first item of a list.
 */
export function parsePath(text: string): Result<ValuePath> {
  const runes = new Runes(text);
  try {
    const { path, end } = readPath(runes);
    if (end !== undefined) throw new StrvalsFault(`"${end}" ends the path; write \\${end} where it is meant`);
    return ok(path);
  } catch (fault) {
    if (!(fault instanceof StrvalsFault)) throw fault;
    return fail(refusal(text, fault));
  }
}

/** The steps up to a `=`, a `,` or the end of the text, which is consumed. Throws StrvalsFault. */
export function readPath(runes: Runes): { readonly path: ValuePath; readonly end: string | undefined } {
  const path: (string | number)[] = [];
  for (let nested = 0; ; ) {
    const { text, source, stop } = runes.until("=[,.");
    if (text === "") throw new StrvalsFault(emptyKey(path, stop));
    if (path.length > 0 && /^[0-9]+$/.test(source)) throw new StrvalsFault(positionAsKey(text));
    path.push(text);
    if (stop === ".") nested += 1;
    if (nested > MAX_NESTED) throw new StrvalsFault(`it nests deeper than ${MAX_NESTED} levels`);
    const end = stop === "[" ? readIndexes(runes, path) : stop;
    if (end !== ".") return { path, end };
  }
}

/** Any number of indexes, the bracket of the first being consumed already; the stop behind the last. */
function readIndexes(runes: Runes, path: (string | number)[]): string | undefined {
  for (;;) {
    path.push(readIndex(runes));
    const { text, stop } = runes.until("[.=,");
    if (text !== "") throw new StrvalsFault(`"${text}" stands behind an index`);
    if (stop !== "[") return stop;
  }
}

/** Go's strconv.Atoi: a sign and zeros in front are fine. */
function readIndex(runes: Runes): number {
  const { text, stop } = runes.until("]");
  if (stop === undefined) throw new StrvalsFault("a [ has no ]");
  if (!/^[-+]?[0-9]+$/.test(text)) throw new StrvalsFault(`"${text}" is no position in a list`);
  const index = Number(text);
  if (index < 0) throw new StrvalsFault("a position in a list is never negative");
  if (index > MAX_INDEX) throw new StrvalsFault(`no list has a position above ${MAX_INDEX}`);
  return index === 0 ? 0 : index;
}

function positionAsKey(text: string): string {
  return `.${text} is a key named ${text} and no position in a list; write [${text}], or .\\${text} where the key is meant`;
}

function emptyKey(path: ValuePath, stop: string | undefined): string {
  if (path.length === 0 && stop === undefined) return "it is empty";
  return path.length === 0 ? `there is no key in front of "${stop}"` : "a key is empty";
}
