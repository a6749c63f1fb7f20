// Reverts one change of a YAML file while keeping later unrelated ones. Proved by parsing the result: every value that
// the change touched is as before it, and every other is as now.

import { applyPatch, structuredPatch } from "diff";
import { readYaml } from "../go-yaml/read-yaml.ts";
import { splitDocuments } from "../go-yaml/split-documents.ts";
import type { YamlLimits } from "../go-yaml/yaml-limits.ts";
import type { YamlValue } from "../go-yaml/yaml-value.ts";

/** `null`: the file does not exist. */
export interface ValuesChange {
  readonly before: string | null;
  readonly after: string | null;
  readonly now: string | null;
}

/** The file without the change; `undefined` when a value that it touched has changed again since. */
export function revertValues({ before, after, now }: ValuesChange): string | null | undefined {
  if (before === after) return now;
  if (now === after) return before;
  if (now === null || after === null) return undefined;
  const wanted = wantedLeaves({ before: before ?? "", after, now });
  if (!wanted) return undefined;
  for (const context of [3, 2, 1, 0]) {
    const patch = structuredPatch("file", "file", after, before ?? "", "", "", { context });
    const text = applyPatch(now, patch, { fuzzFactor: 0 });
    if (text !== false && isSame(leavesOf(text), wanted)) return text;
  }
  return undefined;
}

type Leaves = ReadonlyMap<string, string>;

function wantedLeaves(texts: { before: string; after: string; now: string }): Leaves | undefined {
  const [before, after, now] = [texts.before, texts.after, texts.now].map(leavesOf);
  if (!before || !after || !now) return undefined;
  const wanted = new Map(now);
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(path);
    if (was === after.get(path)) continue;
    if (now.get(path) !== after.get(path)) return undefined;
    if (was === undefined) wanted.delete(path);
    else wanted.set(path, was);
  }
  return wanted;
}

function isSame(a: Leaves | undefined, b: Leaves): boolean {
  return a !== undefined && a.size === b.size && [...a].every(([path, value]) => b.get(path) === value);
}

/** Every value of every document except non-empty maps, by its path; `undefined` for text that Helm cannot read. */
function leavesOf(text: string): Leaves | undefined {
  const leaves = new Map<string, string>();
  const { parts, fault } = splitDocuments(text);
  if (fault !== undefined) return undefined;
  for (const [index, part] of parts.entries()) {
    const read = readYaml(part.text, { integers: "exact", limits: LIMITS });
    if (!read.ok) return undefined;
    collect(read.value, [String(index)], leaves);
  }
  return leaves;
}

/** Limits that no hand-written values file exceeds. */
const LIMITS: YamlLimits = {
  length: 4 * 1024 * 1024,
  nodes: 200_000,
  depth: 200,
  textLength: 16 * 1024 * 1024,
};

function collect(value: YamlValue, path: readonly string[], leaves: Map<string, string>): void {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const pairs = isMap ? Object.entries(value) : [];
  if (pairs.length === 0) {
    if (path.length > 1) leaves.set(JSON.stringify(path), JSON.stringify(value, withIntegers));
    return;
  }
  for (const [key, inner] of pairs) collect(inner, [...path, key], leaves);
}

function withIntegers(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `integer ${value}` : value;
}
