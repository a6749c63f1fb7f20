// Git's three-way merge of two trees over their common ancestor: by path, and by line where both sides changed a text.

import { diffArrays } from "diff";
import type { ObjectStore } from "./object-store.ts";
import { type FileEntry, filesOf, treeOf } from "./trees.ts";

export interface Sides {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

export type Merged =
  | { readonly kind: "merged"; readonly tree: string }
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

/** Merges trees given by id. Without rename detection. */
export function mergeTrees(store: ObjectStore, { base, ours, theirs }: Sides): Merged {
  const [from, mine, other] = [filesOf(store, base), filesOf(store, ours), filesOf(store, theirs)];
  const files = new Map<string, FileEntry>();
  const conflicts: string[] = [];
  for (const path of new Set([...from.keys(), ...mine.keys(), ...other.keys()])) {
    const entry = mergeEntry(store, { base: from.get(path), ours: mine.get(path), theirs: other.get(path) });
    if (entry === "conflict") conflicts.push(path);
    else if (entry !== undefined) files.set(path, entry);
  }
  if (conflicts.length > 0) return { kind: "conflict", paths: conflicts };
  return { kind: "merged", tree: treeOf(store, files) };
}

interface EntrySides {
  readonly base: FileEntry | undefined;
  readonly ours: FileEntry | undefined;
  readonly theirs: FileEntry | undefined;
}

function mergeEntry(
  store: ObjectStore,
  { base, ours, theirs }: EntrySides,
): FileEntry | undefined | "conflict" {
  if (same(ours, theirs) || same(base, theirs)) return ours;
  if (same(base, ours)) return theirs;
  if (base === undefined || ours === undefined || theirs === undefined) return "conflict";
  const mode = ours.mode === base.mode ? theirs.mode : ours.mode;
  if (ours.oid === theirs.oid || base.oid === theirs.oid) return { mode, oid: ours.oid };
  if (base.oid === ours.oid) return { mode, oid: theirs.oid };
  const text = mergeLines({
    base: text64(store, base.oid),
    ours: text64(store, ours.oid),
    theirs: text64(store, theirs.oid),
  });
  return text === undefined ? "conflict" : { mode, oid: store.addBlob(Buffer.from(text, "latin1")) };
}

function same(one: FileEntry | undefined, other: FileEntry | undefined): boolean {
  return one?.oid === other?.oid && one?.mode === other?.mode;
}

/** One character for each byte, so that any content survives. */
function text64(store: ObjectStore, oid: string): string {
  return store.blob(oid)?.toString("latin1") ?? "";
}

/** Lines `from` (inclusive) to `to` (exclusive) of the base, and their replacement. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/**
 * The merged text, or `undefined` on a conflict. As in git, changes of adjacent lines conflict unless both sides made
 * the same change; one unchanged line between them is enough.
 */
export function mergeLines({ base, ours, theirs }: Sides): string | undefined {
  const lines = linesOf(base);
  const mine = hunks(lines, linesOf(ours));
  const other = hunks(lines, linesOf(theirs));
  const merged: string[] = [];
  let at = 0;
  while (mine.length > 0 || other.length > 0) {
    const group = nextGroup(mine, other);
    const one = sideOf(lines, group.mine, group);
    const two = sideOf(lines, group.other, group);
    if (group.mine.length > 0 && group.other.length > 0 && one.join("") !== two.join("")) return undefined;
    merged.push(...lines.slice(at, group.from), ...(group.mine.length > 0 ? one : two));
    at = group.to;
  }
  return [...merged, ...lines.slice(at)].join("");
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function hunks(base: readonly string[], changed: readonly string[]): Hunk[] {
  const found: { from: number; to: number; lines: string[] }[] = [];
  let at = 0;
  for (const part of diffArrays([...base], [...changed])) {
    if (!part.added && !part.removed) {
      at += part.value.length;
      continue;
    }
    const last = found.at(-1);
    const hunk = last !== undefined && last.to === at ? last : { from: at, to: at, lines: [] };
    if (hunk !== last) found.push(hunk);
    if (part.added) hunk.lines.push(...part.value);
    else {
      at += part.value.length;
      hunk.to = at;
    }
  }
  return found;
}

interface Group {
  readonly from: number;
  readonly to: number;
  readonly mine: readonly Hunk[];
  readonly other: readonly Hunk[];
}

/** Takes the first hunk of both lists and all that overlap or touch it. */
function nextGroup(mine: Hunk[], other: Hunk[]): Group {
  const from = Math.min(
    mine[0]?.from ?? Number.POSITIVE_INFINITY,
    other[0]?.from ?? Number.POSITIVE_INFINITY,
  );
  let to = from;
  const taken: { mine: Hunk[]; other: Hunk[] } = { mine: [], other: [] };
  for (;;) {
    const next =
      mine[0] !== undefined && mine[0].from <= to
        ? "mine"
        : other[0] !== undefined && other[0].from <= to
          ? "other"
          : undefined;
    if (next === undefined) return { from, to, ...taken };
    const hunk = (next === "mine" ? mine : other).shift();
    if (hunk === undefined) continue;
    taken[next].push(hunk);
    to = Math.max(to, hunk.to);
  }
}

function sideOf(base: readonly string[], side: readonly Hunk[], { from, to }: Group): string[] {
  const lines: string[] = [];
  let at = from;
  for (const hunk of side) {
    lines.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...lines, ...base.slice(at, to)];
}
