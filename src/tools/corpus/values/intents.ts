// A value to set in a values file, and what Helm must read there afterwards.

import type { Chance } from "./chance.ts";
import { NEW_KEYS, textFor, typed, valueFor } from "./given-values.ts";
import { isList, isMap, type Json, type JsonMap, type Path, valueAt, withValue } from "./json-data.ts";

export type Door = "command line" | "config" | "publish";

export interface Intent {
  readonly door: Door;
  /** The chart's key, which its values are under. */
  readonly key: string;
  /** Relative to the chart's key. */
  readonly path: Path;
  /** The input: a text on the command line, a typed value elsewhere. */
  readonly given: Json;
  /** What Helm must then read in the whole file. */
  readonly wanted: Json;
}

type Ways = Pick<Intent, "door" | "key">;

/** A random value to set in this file; `undefined` when the existing values leave no room. */
export function intentFor(read: JsonMap, { door, key }: Ways, chance: Chance): Intent | undefined {
  if (!isMap(read[key] ?? {})) return undefined;
  for (let tries = 0; tries < 20; tries += 1) {
    const intent = drawn(read, { door, key }, chance);
    if (intent !== undefined) return intent;
  }
  return undefined;
}

function drawn(read: JsonMap, { door, key }: Ways, chance: Chance): Intent | undefined {
  const path = pathIn(read[key], chance);
  const standing = valueAt(read[key], path);
  const filled = isMap(standing) && Object.keys(standing).length > 0;
  const isRoom = isMap(standing) || standing === undefined || standing === null;
  const map = filled ? "always" : isRoom ? "sometimes" : "never";
  const given = door === "command line" ? textFor(chance) : valueFor(chance, map);
  if (filled && !isMap(given)) return undefined;
  const value = door === "command line" && typeof given === "string" ? typed(given, standing) : given;
  return { door, key, path, given, wanted: withValue(read, [key, ...path], value) };
}

/** An existing path, or the next one in an existing map or list. */
function pathIn(values: Json | undefined, chance: Chance): Path {
  let path: Path = [];
  for (;;) {
    const here = valueAt(values, path);
    const inside = isMap(here) ? Object.keys(here) : isList(here) ? [...here.keys()] : [];
    const [first, ...others] = inside;
    const isRoot = path.length === 0;
    if (first !== undefined && chance.percent(75)) {
      path = [...path, chance.pick([first, ...others])];
      continue;
    }
    if (isList(here) && chance.percent(50))
      return [...path, here.length, ...(chance.percent(30) ? ["name"] : [])];
    const isRoom = here === undefined || here === null || isMap(here);
    if (!isRoot && !(isRoom && chance.percent(60))) return path;
    const [key, ...rest] = newKeys(chance);
    const isTaken = isMap(here) && Object.hasOwn(here, key);
    return isTaken ? [...path, key] : [...path, key, ...rest];
  }
}

function newKeys(chance: Chance): readonly [string, ...Path] {
  const keys: [string, ...(string | number)[]] = [chance.pick(NEW_KEYS)];
  if (chance.percent(40)) keys.push(chance.pick(NEW_KEYS));
  if (chance.percent(15)) keys.push(0);
  return keys;
}
