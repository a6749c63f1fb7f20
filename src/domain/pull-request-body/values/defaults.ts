// Compares the default values of two versions: keys added, removed and changed.

import { readValues as readGoYaml } from "../../go-yaml/read-values.ts";
import { isTree, same, type TreePath, type ValueTree } from "../manifests/tree.ts";

export type DefaultChange =
  | { readonly kind: "removed"; readonly path: TreePath; readonly before: unknown }
  | { readonly kind: "changed"; readonly path: TreePath; readonly before: unknown; readonly after: unknown }
  | { readonly kind: "added"; readonly path: TreePath; readonly after: unknown };

/** A values file as Helm reads it; `undefined` when Helm cannot. */
export function readValues(text: string): ValueTree | undefined {
  const read = readGoYaml(text);
  return read.ok ? read.value : undefined;
}

/**
 * A map that was added or removed as a whole is one change. In the order of the new file; removed keys at their old
 * place.
 */
export function compareDefaults(
  before: ValueTree,
  after: ValueTree,
  at: TreePath = [],
): readonly DefaultChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key): readonly DefaultChange[] => {
    const path = [...at, key];
    if (!Object.hasOwn(after, key)) return [{ kind: "removed", path, before: before[key] }];
    if (!Object.hasOwn(before, key)) return [{ kind: "added", path, after: after[key] }];
    const [old, now] = [before[key], after[key]];
    if (isTree(old) && isTree(now)) return compareDefaults(old, now, path);
    return same(old, now) ? [] : [{ kind: "changed", path, before: old, after: now }];
  });
}

/** "a map", "a list", "text": the type of a value, for messages. */
export function typeName(value: unknown): string {
  if (isTree(value)) return "a map";
  if (Array.isArray(value)) return "a list";
  if (value === null || value === undefined) return "nothing";
  return typeof value === "string" ? "text" : typeof value === "number" ? "a number" : "true or false";
}
