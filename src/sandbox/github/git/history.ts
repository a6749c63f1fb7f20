// The commit graph: ancestors and descendants.

import type { ObjectStore } from "./object-store.ts";

/** Every commit reachable from this one, itself included. */
function reachableFrom(store: ObjectStore, oid: string): Set<string> {
  const seen = new Set([oid]);
  for (const commit of seen) for (const parent of store.commit(commit)?.parents ?? []) seen.add(parent);
  return seen;
}

/** Whether `oid` is `head` or one of its ancestors. */
export function isContained(store: ObjectStore, oid: string, head: string): boolean {
  const seen = new Set([head]);
  for (const commit of seen) {
    if (commit === oid) return true;
    for (const parent of store.commit(commit)?.parents ?? []) seen.add(parent);
  }
  return false;
}

/** The newest commits first, children before their parents. */
export function history(
  store: ObjectStore,
  head: string,
  without: ReadonlySet<string> = new Set(),
): string[] {
  const order: string[] = [];
  const done = new Set<string>(without);
  const stack: { oid: string; entered: boolean }[] = [{ oid: head, entered: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.entered) {
      order.push(top.oid);
      continue;
    }
    if (done.has(top.oid)) continue;
    done.add(top.oid);
    stack.push({ oid: top.oid, entered: true });
    for (const parent of store.commit(top.oid)?.parents ?? []) stack.push({ oid: parent, entered: false });
  }
  return order.reverse();
}

/** Commits reachable from `head` and not from `base`, oldest first. */
export function commitsBetween(store: ObjectStore, base: string, head: string): string[] {
  return history(store, head, reachableFrom(store, base)).reverse();
}

/** The best common ancestor; `undefined` for unrelated histories. */
export function mergeBase(store: ObjectStore, one: string, other: string): string | undefined {
  const mine = reachableFrom(store, one);
  // Children come before parents, so the first common commit has no common descendant.
  return history(store, other).find((oid) => mine.has(oid));
}

export interface Distance {
  readonly aheadBy: number;
  readonly behindBy: number;
  readonly status: "IDENTICAL" | "AHEAD" | "BEHIND" | "DIVERGED";
}

/** How far `head` is from `base`, in commits. */
export function distance(store: ObjectStore, base: string, head: string): Distance {
  const aheadBy = commitsBetween(store, base, head).length;
  const behindBy = commitsBetween(store, head, base).length;
  if (aheadBy > 0) return { aheadBy, behindBy, status: behindBy > 0 ? "DIVERGED" : "AHEAD" };
  return { aheadBy, behindBy, status: behindBy > 0 ? "BEHIND" : "IDENTICAL" };
}
