// Sets one value in a values file: the smallest edit after which Helm reads exactly this value there and everything
// else as before. Proved by parsing the result.

import { fail, ok, type Result } from "../../model/problem.ts";
import type { Value, ValuePath } from "../../model/umbrella.ts";
import { pathText } from "../../strvals/path-text.ts";
import { type Difference, differences, type Plain, plainOf } from "../yaml/go-map.ts";
import { applySplices } from "../yaml/splice.ts";
import type { YamlTree } from "../yaml/yaml-tree.ts";
import { asValue, plainValue } from "./print-value.ts";
import { readValues } from "./read-values.ts";
import { doubledKey, trail } from "./value-path.ts";
import { ambiguous, leavesGap, notExact, obstructed } from "./value-problems.ts";
import { valueAt, withValue } from "./with-value.ts";
import { candidates, lastCandidates } from "./write-value.ts";

export interface SetText {
  readonly text: string;
  /** Notes for the reviewer, one sentence each. */
  readonly notes: readonly string[];
}

export interface Setting {
  readonly path: ValuePath;
  readonly value: Value;
}

/**
 * `value` is a scalar, a list or an empty map; a non-empty map is set key by key. `also`: values that are set in this
 * file later; such a place may already change along through an anchor.
 */
export function setValue(
  tree: YamlTree,
  { path, value }: Setting,
  also: readonly Setting[] = [],
): Result<SetText> {
  const wanted = withValue(dataOf(tree), path, plainValue(value));
  if (wanted.kind !== "data") return fail(PROBLEMS[wanted.kind](tree, path, wanted.at));
  if (differences(dataOf(tree), wanted.data).length === 0) return ok({ text: tree.text, notes: [] });
  const doubled = doubledKey(tree, path);
  if (doubled !== undefined) return fail(ambiguous(tree, path, doubled));
  const proven = firstProven(tree, { path, value }, { now: wanted.data, later: withAll(wanted.data, also) });
  return proven === undefined ? fail(notExact(tree, path)) : ok(proven);
}

const PROBLEMS = { gap: leavesGap, obstructed };

/** The wanted data after this value is set, and after all of them are. */
interface Wanted {
  readonly now: Plain;
  readonly later: Plain;
}

function withAll(data: Plain, settings: readonly Setting[]): Plain {
  return settings.reduce((all, { path, value }) => {
    const next = withValue(all, path, plainValue(value));
    return next.kind === "data" ? next.data : all;
  }, data);
}

/** Where the file has neither the data wanted now nor the final data. */
function faults({ now, later }: Wanted, tree: YamlTree): readonly Difference[] {
  const data = dataOf(tree);
  const found = differences(now, data);
  return now === later
    ? found
    : found.filter(({ path }) => differences(valueAt(later, path), valueAt(data, path)).length > 0);
}

/**
 * The first edit that is exact by itself; else the first that is exact after restoring the other places that it
 * changed.
 */
function firstProven(tree: YamlTree, { path, value }: Setting, wanted: Wanted): SetText | undefined {
  const tried: YamlTree[] = [];
  for (const { splices, notes } of candidates(tree, path, value)) {
    const after = readValues(tree.file, applySplices(tree.text, splices));
    if (!after.ok) continue;
    if (doubledKey(after.value, path) !== undefined) continue;
    if (faults(wanted, after.value).length === 0) return { text: after.value.text, notes };
    tried.push(after.value);
  }
  if (tree.aliases.length === 0) return undefined;
  for (const after of tried) {
    const restored = withOthersRestored(after, wanted);
    if (restored !== undefined) return restored;
  }
  for (const { splices, notes } of lastCandidates(tree, path, value)) {
    const after = readValues(tree.file, applySplices(tree.text, splices));
    if (!after.ok || doubledKey(after.value, path) !== undefined) continue;
    if (faults(wanted, after.value).length === 0) return { text: after.value.text, notes };
  }
  return undefined;
}

/** The most places that are restored: more follow one anchor in no hand-written values file. */
const MOST_RESTORED = 20;

/** Writes out the old value at every place that changed along through an anchor. */
function withOthersRestored(after: YamlTree, wanted: Wanted): SetText | undefined {
  const lost = lostPlaces(after, wanted);
  if (lost.length > MOST_RESTORED) return undefined;
  let current = after;
  for (const path of lost) {
    const old = valueAt(wanted.now, path);
    const text = old === undefined ? undefined : writtenOut(current, path, old);
    const next = text === undefined ? undefined : readValues(after.file, text);
    if (next?.ok !== true) return undefined;
    current = next.value;
  }
  if (faults(wanted, current).length > 0) return undefined;
  const names = lost.map((path) => pathText(path)).join(" and ");
  const note = `${names} took ${lost.length === 1 ? "its value" : "their values"} from there and now ${lost.length === 1 ? "has it" : "have them"} written out, unchanged.`;
  return { text: current.text, notes: [note] };
}

/** A list whose length changed counts as one place. */
function lostPlaces(after: YamlTree, wanted: Wanted): readonly ValuePath[] {
  const places = faults(wanted, after).map(({ path, before, after: found }) => {
    const isItem = typeof path.at(-1) === "number" && (before === undefined || found === undefined);
    return isItem ? path.slice(0, -1) : path;
  });
  const distinct = [...new Map(places.map((path) => [JSON.stringify(path), path])).values()];
  return distinct.filter((path) => !distinct.some((other) => isBelow(path, other)));
}

function isBelow(path: ValuePath, other: ValuePath): boolean {
  return path.length > other.length && other.every((step, index) => step === path[index]);
}

function writtenOut(tree: YamlTree, path: ValuePath, old: Plain): string | undefined {
  const value = asValue(old);
  const wanted = value === undefined ? undefined : withValue(dataOf(tree), path, old);
  if (value === undefined || wanted?.kind !== "data") return undefined;
  for (const { splices } of candidates(tree, path, value)) {
    const after = readValues(tree.file, applySplices(tree.text, splices));
    if (!after.ok || doubledKey(after.value, path) !== undefined) continue;
    if (differences(wanted.data, dataOf(after.value)).length === 0) return after.value.text;
  }
  return undefined;
}

/** How many steps of the path exist already. */
export function depthOf(tree: YamlTree, path: ValuePath): number {
  return trail(tree, path).length - 1;
}

export function dataOf({ root }: YamlTree): Plain {
  return root === undefined ? null : plainOf(root);
}
