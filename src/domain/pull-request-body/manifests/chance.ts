// Non-deterministic parts of a rendering: generated passwords, certificates, their checksums, times. Found by rendering
// twice: where both renderings of one version differ, the difference between two versions is unknown.

import { isTree, same, type TreePath, type ValueTree } from "./tree.ts";

/** Two renderings of the same thing by one version. */
export type Twice<T> = readonly [first: T, second: T];

/** Placeholder for content that every rendering generates anew. */
const MADE_ANEW = "‹made anew›";

export interface Masked {
  readonly value: unknown;
  /** Paths that were masked. */
  readonly paths: readonly TreePath[];
}

/** The first rendering with everything masked that differs in the second. */
export function mask(twice: Twice<unknown>, at: TreePath = []): Masked {
  const [first, second] = twice;
  if (same(first, second)) return { value: first, paths: [] };
  if (isTree(first) && isTree(second)) return maskTree([first, second], at);
  if (isList(first) && isList(second) && first.length === second.length) {
    const items = first.map((item, index) => mask([item, second[index]], [...at, String(index)]));
    return { value: items.map(({ value }) => value), paths: items.flatMap(({ paths }) => paths) };
  }
  const value = typeof first === "string" && typeof second === "string" ? maskText(first, second) : MADE_ANEW;
  return { value, paths: [at] };
}

/** A key that only one of the renderings has is dropped. */
function maskTree([first, second]: Twice<ValueTree>, at: TreePath): Masked {
  const keys = Object.keys(first).filter((key) => Object.hasOwn(second, key));
  const strays = [...Object.keys(first), ...Object.keys(second)].filter((key) => !keys.includes(key));
  const entries = keys.map((key) => [key, mask([first[key], second[key]], [...at, key])] as const);
  return {
    value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
    paths: [...entries.flatMap(([, { paths }]) => paths), ...strays.map((key) => [...at, key])],
  };
}

/**
 * Word by word when both have the same lines and words, so that a change beside a generated password is still visible.
 */
function maskText(first: string, second: string): string {
  const [one, other] = [first.split("\n"), second.split("\n")];
  if (one.length !== other.length) return MADE_ANEW;
  return one.map((line, index) => maskLine(line, other[index] ?? "")).join("\n");
}

const WORDS = /([^A-Za-z0-9+/=_-]+)/;

function maskLine(first: string, second: string): string {
  if (first === second) return first;
  const [one, other] = [first.split(WORDS), second.split(WORDS)];
  if (one.length !== other.length) return MADE_ANEW;
  return one.map((word, index) => (word === other[index] ? word : MADE_ANEW)).join("");
}

/**
 * Two versions with their non-deterministic parts masked. Equal if any rendering of one equals any of the other: then
 * only the time differs.
 */
export function comparable(
  before: Twice<unknown>,
  after: Twice<unknown>,
): readonly [before: unknown, after: unknown] {
  if (same(before[0], before[1]) && same(after[0], after[1])) return [before[0], after[0]];
  const [old, now] = [treesOf(before), treesOf(after)];
  if (old && now) return settleTrees(old, now);
  const [was, is] = [listsOf(before), listsOf(after)];
  if (was && is && was[0].length === is[0].length) {
    const items = was[0].map((_, index) =>
      comparable([was[0][index], was[1][index]], [is[0][index], is[1][index]]),
    );
    return [items.map(([item]) => item), items.map(([, item]) => item)];
  }
  const common = before.find((value) => after.some((other) => same(value, other)));
  return common === undefined ? [mask(before).value, mask(after).value] : [common, common];
}

function settleTrees(
  before: Twice<ValueTree>,
  after: Twice<ValueTree>,
): readonly [before: ValueTree, after: ValueTree] {
  const [old, now] = [keysOfBoth(before), keysOfBoth(after)];
  const shared = new Map(
    old
      .filter((key) => now.includes(key))
      .map(
        (key) => [key, comparable([before[0][key], before[1][key]], [after[0][key], after[1][key]])] as const,
      ),
  );
  const alone = ([first, second]: Twice<ValueTree>, key: string) => mask([first[key], second[key]]).value;
  return [
    Object.fromEntries(old.map((key) => [key, shared.get(key)?.[0] ?? alone(before, key)])),
    Object.fromEntries(now.map((key) => [key, shared.get(key)?.[1] ?? alone(after, key)])),
  ];
}

function keysOfBoth([first, second]: Twice<ValueTree>): readonly string[] {
  return Object.keys(first).filter((key) => Object.hasOwn(second, key));
}

function treesOf([first, second]: Twice<unknown>): Twice<ValueTree> | undefined {
  return isTree(first) && isTree(second) ? [first, second] : undefined;
}

/** Only when both have the same length. */
function listsOf([first, second]: Twice<unknown>): Twice<readonly unknown[]> | undefined {
  return isList(first) && isList(second) && first.length === second.length ? [first, second] : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
