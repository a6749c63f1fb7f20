// The numbers of added and deleted lines of a change, and its patch.

import { createTwoFilesPatch, diffLines } from "diff";
import type { ObjectStore } from "./object-store.ts";
import type { PathChange } from "./trees.ts";

export interface LineCounts {
  readonly additions: number;
  readonly deletions: number;
}

export function countLines(store: ObjectStore, change: PathChange): LineCounts {
  const { before, after } = textsOf(store, change);
  let [additions, deletions] = [0, 0];
  for (const part of diffLines(before, after)) {
    if (part.added) additions += part.count ?? 0;
    if (part.removed) deletions += part.count ?? 0;
  }
  return { additions, deletions };
}

/** The unified diff without its two header lines, as REST's `patch`; empty for binary files. */
export function patchOf(store: ObjectStore, change: PathChange): string {
  const { before, after } = textsOf(store, change);
  if (before.includes("\0") || after.includes("\0")) return "";
  const patch = createTwoFilesPatch(change.path, change.path, before, after, "", "", { context: 3 });
  return patch.slice(patch.indexOf("@@")).trimEnd();
}

function textsOf(store: ObjectStore, { before, after }: PathChange): { before: string; after: string } {
  const text = (oid: string | undefined) => (oid === undefined ? "" : (store.blob(oid)?.toString() ?? ""));
  return { before: text(before?.oid), after: text(after?.oid) };
}
