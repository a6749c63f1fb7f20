// Sets values in many files through every entry point, with real Helm as the judge: it must load the result, and read
// the new value and everything else as before.

import { isDeepStrictEqual } from "node:util";
import type { Result } from "../../../domain/model/problem.ts";
import { reason } from "../real-files.ts";
import { Tally } from "../tally.ts";
import { Chance } from "./chance.ts";
import { throughDoor } from "./doors.ts";
import { type HelmReadings, helmReadings } from "./helm-reading.ts";
import { type Door, type Intent, intentFor } from "./intents.ts";
import { isMap, type Json, type JsonMap } from "./json-data.ts";

export interface ValuesCase {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  readonly text: string;
  /** The chart whose values are set; absent: a key is taken from the file. */
  readonly key?: string;
}

interface Edited extends ValuesCase {
  readonly intent: Intent;
  readonly result: Result<string>;
}

const DOORS: readonly [Door, ...Door[]] = ["command line", "config", "publish"];

/** One edit per case. `wrong` in the tally: Helm no longer loads the file or reads it differently. */
export async function judgeEdits(
  cases: readonly ValuesCase[],
  { helm, seed }: { readonly helm: string; readonly seed: number },
): Promise<Tally> {
  const tally = new Tally();
  const before = await helmReadings(helm, new Map(cases.map(({ name, text }) => [name, text])));
  const edited = cases.flatMap((one, at) =>
    edit(one, { read: before.get(one.name), chance: new Chance(seed + at) }, tally),
  );
  const written = edited.flatMap(({ name, result }) => (result.ok ? [[name, result.value] as const] : []));
  const after = await helmReadings(helm, new Map(written));
  for (const one of edited) {
    if (!isOtherwise(one, after) || (await isReadAlike(helm, one))) judge(one, after, tally);
    else tally.count("read by Helm in one way or another, as the order of a Go map falls");
  }
  return tally;
}

/** Number of reads after which a file with two possible readings is taken for a stable one only once in a hundred. */
const READ_TIMES = 8;

/**
 * The keys `1.5` and `"1.5"` differ in Go's YAML reader and are equal in JSON. Which one wins depends on the random
 * order of a Go map.
 */
async function isReadAlike(helm: string, { name, text }: ValuesCase): Promise<boolean> {
  const copies = Array.from({ length: READ_TIMES }, (_, at) => [`${name}-${at}`, text] as const);
  const readings = [...(await helmReadings(helm, new Map(copies))).values()];
  return readings.every((read) => isDeepStrictEqual(read, readings[0]));
}

function isOtherwise({ name, intent, result }: Edited, after: HelmReadings): boolean {
  const read = after.get(name);
  return (
    result.ok && read !== undefined && !isDeepStrictEqual(withoutNulls(read), withoutNulls(intent.wanted))
  );
}

interface Setting {
  readonly read: JsonMap | undefined;
  readonly chance: Chance;
}

function edit(one: ValuesCase, { read, chance }: Setting, tally: Tally): readonly Edited[] {
  const door = chance.pick(DOORS);
  const key = one.key ?? keyIn(read ?? {}, chance);
  const intent = key === undefined ? undefined : intentFor(read ?? {}, { door, key }, chance);
  if (intent === undefined) {
    tally.count("nothing that could be set");
    return [];
  }
  const result = throughDoor(one.text, intent);
  if (read !== undefined) return [{ ...one, intent, result }];
  if (result.ok) tally.wrong(shown(one, intent), ["edited, though Helm does not load it"]);
  else tally.count("not loaded by Helm, and refused");
  return [];
}

/** A key that is a valid chart name. */
function keyIn(read: JsonMap, chance: Chance): string | undefined {
  const [first, ...others] = Object.keys(read).filter(
    (key) => /^[a-zA-Z0-9_-]+$/.test(key) && isMap(read[key]),
  );
  return first === undefined ? undefined : chance.pick([first, ...others]);
}

function judge(one: Edited, after: HelmReadings, tally: Tally): void {
  const { name, intent, result } = one;
  if (!result.ok) {
    tally.count(`refused: ${reason(result.problems)}`);
    return;
  }
  const read = after.get(name);
  if (read === undefined)
    tally.wrong(shown(one, intent), [`Helm does not load ${JSON.stringify(result.value)}`]);
  else if (!isOtherwise(one, after)) tally.count(`right, by ${intent.door}`);
  else
    tally.wrong(shown(one, intent), [
      `Helm reads ${JSON.stringify(read)} in ${JSON.stringify(result.value)} instead of ${JSON.stringify(intent.wanted)}`,
    ]);
}

function shown({ name, text }: ValuesCase, { door, path, given }: Intent): string {
  return `${name}, ${door}: ${JSON.stringify(path)} set to ${JSON.stringify(given)} in ${JSON.stringify(text)}`;
}

/** Helm ignores a null among a chart's own defaults. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}
