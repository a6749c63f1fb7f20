// Following a path through a values file.

import type { Value, ValuePath } from "../../model/umbrella.ts";
import { type Field, fieldsOf } from "../yaml/go-map.ts";
import { dereference, lineAt, type Mapping, type Node, type YamlTree } from "../yaml/yaml-tree.ts";

/** A node on the path to the value, with its pair. */
export interface PathStep {
  readonly node: Node;
  readonly field?: Field;
  readonly parent?: Mapping;
}

/** The existing nodes along the path, from the root on; empty for an empty file. */
export function trail({ root }: YamlTree, path: ValuePath): readonly PathStep[] {
  if (root === undefined) return [];
  const steps: PathStep[] = [{ node: root }];
  for (const key of path) {
    const next = nextStep(dereference(steps.at(-1)?.node ?? root), key);
    if (next === undefined) break;
    steps.push(next);
  }
  return steps;
}

function nextStep(above: Node, key: string | number): PathStep | undefined {
  if (typeof key === "number") {
    const node = above.kind === "sequence" ? above.items[key] : undefined;
    return node === undefined ? undefined : { node };
  }
  const field = above.kind === "mapping" ? fieldsOf(above).get(key) : undefined;
  return field === undefined || above.kind !== "mapping"
    ? undefined
    : { node: field.value, field, parent: above };
}

/**
 * Wraps the value in a map for each key, and in a list for each index; only the first item of a new list can be set.
 */
export function nested(path: ValuePath, value: Value): Value {
  return path.reduceRight<Value>(
    (inner, step) => (typeof step === "number" ? [inner] : { [step]: inner }),
    value,
  );
}

export function doubledKey(tree: YamlTree, path: ValuePath): Field | undefined {
  return trail(tree, path).find(({ field }) => field?.twice === true)?.field;
}

export function lineOf(tree: YamlTree, path: ValuePath): number | undefined {
  const last = trail(tree, path).at(-1);
  return last === undefined ? undefined : lineAt(tree.text, last.node.start);
}
