// Following a path through a values file.

import type { Value, ValuePath } from "../../model/umbrella.ts";
import { type Field, fieldsOf } from "../yaml/go-map.ts";
import { dereference, lineAt, type Mapping, type Node, type YamlTree } from "../yaml/yaml-tree.ts";

/** A node on the way to the value, and the pair it is the value of. */
export interface PathStep {
  readonly node: Node;
  readonly field?: Field;
  readonly parent?: Mapping;
}

/** The nodes along the path as far as they are there, the root first; empty for a file without any. */
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

/** A map for a key, a list for a position: only a new list's first item can be set. */
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
