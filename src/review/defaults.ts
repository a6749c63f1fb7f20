// The chart's default values: which keys came, went or changed between two versions.

import { load, YAML11_SCHEMA } from "js-yaml";
import type { Opened } from "./facts.ts";
import { isTree, type Path, same, type Tree } from "./tree.ts";

export type DefaultChange =
  | { readonly kind: "removed"; readonly path: Path; readonly before: unknown }
  | { readonly kind: "changed"; readonly path: Path; readonly before: unknown; readonly after: unknown }
  | { readonly kind: "added"; readonly path: Path; readonly after: unknown };

/** values.yaml of an opened chart; empty when it has none, `undefined` when it is not at hand or no map. */
export function defaultsOf(opened: Opened): Tree | undefined {
  if (opened.kind === "missing") return undefined;
  const bytes = opened.archive.files.get("values.yaml");
  return bytes === undefined ? {} : readValues(new TextDecoder().decode(bytes));
}

export function readValues(text: string): Tree | undefined {
  try {
    const values =
      text.trim() === "" ? null : load(text, { json: true, schema: YAML11_SCHEMA, maxAliases: 1_000 });
    return values === null ? {} : isTree(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

/** A map that came or went as a whole is one change; in the order of the new file, what went at its old place. */
export function compareDefaults(before: Tree, after: Tree, at: Path = []): readonly DefaultChange[] {
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

/** "a map", "a list", "text": what kind of value it is, for people. */
export function typeName(value: unknown): string {
  if (isTree(value)) return "a map";
  if (Array.isArray(value)) return "a list";
  if (value === null || value === undefined) return "nothing";
  return typeof value === "string" ? "text" : typeof value === "number" ? "a number" : "true or false";
}
