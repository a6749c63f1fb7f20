// In which line of a values file each value stands.

import { resolveScalar } from "../../go-yaml/decode/go-scalar.ts";
import { keyText } from "../../go-yaml/decode/mapping-key.ts";
import { readNodes } from "../../go-yaml/read-yaml.ts";
import { splitDocuments } from "../../go-yaml/split-documents.ts";
import { dereference, isMergeKey, type YamlNode } from "../../go-yaml/yaml-node.ts";
import type { TreePath } from "../manifests/tree.ts";

/** The line of the key at the end of a path, counted from 1. */
export type LineLookup = (path: TreePath) => number;

/** Aliases can repeat without end what they stand for: so many keys are looked at. */
const MOST_KEYS = 100_000;
const DEEPEST = 100;

/** Of the values below this key of the file; what cannot be found is said to stand in the line of the key. */
export function linesBelow(key: string, text: string): LineLookup {
  const lines = new Map<string, number>();
  let left = MOST_KEYS;

  function visit(node: YamlNode, path: TreePath, offset: number): void {
    const target = dereference(node);
    if (target.kind !== "mapping" || path.length > DEEPEST) return;
    for (const pair of target.pairs) {
      // A merge counts where it stands: what is written behind it overrules it, what is written before does not.
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
