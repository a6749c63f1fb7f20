// Finds the line of each value in a values file.

import { resolveScalar } from "../../go-yaml/decode/go-scalar.ts";
import { keyText } from "../../go-yaml/decode/mapping-key.ts";
import { readNodes } from "../../go-yaml/read-yaml.ts";
import { splitDocuments } from "../../go-yaml/split-documents.ts";
import { dereference, isMergeKey, type YamlNode } from "../../go-yaml/yaml-node.ts";
import type { TreePath } from "../manifests/tree.ts";

/** The line of the key at the end of a path, counted from 1. */
export type LineLookup = (path: TreePath) => number;

/** Keys visited at most: aliases can expand without end. */
const MOST_KEYS = 100_000;
const DEEPEST = 100;

/** Lines of the values under this key of the file. A value that is not found gets the line of the key. */
export function linesBelow(key: string, text: string): LineLookup {
  const lines = new Map<string, number>();
  let left = MOST_KEYS;

  function visit(node: YamlNode, path: TreePath, offset: number): void {
    const target = dereference(node);
    if (target.kind !== "mapping" || path.length > DEEPEST) return;
    for (const pair of target.pairs) {
      // A merge key applies at its position: keys after it override it, keys before it do not.
      if (isMergeKey(pair.key)) visitMerged(pair.value, path, offset);
      const name = isMergeKey(pair.key) ? undefined : nameOf(pair.key);
      if (name === undefined || (path.length === 0 && name !== key)) continue;
      left -= 1;
      if (left < 0) return;
      const below = [...path, name];
      lines.set(JSON.stringify(below), pair.key.line + 1 + offset);
      visit(pair.value, below, offset);
    }
  }

  function visitMerged(node: YamlNode, path: TreePath, offset: number): void {
    const target = dereference(node);
    const sources = target.kind === "sequence" ? target.items.toReversed() : [target];
    for (const source of sources) visit(source, path, offset);
  }

  for (const part of splitDocuments(text).parts) {
    const root = readNodes(part.text);
    if (root.ok && root.value !== undefined) visit(root.value, [], part.line - 1);
  }
  return (path) => lines.get(JSON.stringify(path)) ?? lines.get(JSON.stringify([key])) ?? 1;
}

function nameOf(key: YamlNode): string | undefined {
  const target = dereference(key);
  if (target.kind !== "scalar") return undefined;
  const resolved = resolveScalar(target);
  return resolved.ok ? keyText(resolved.value) : undefined;
}
