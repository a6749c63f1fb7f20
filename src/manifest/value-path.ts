// Following a path of keys through a values file.

import { type Field, fieldsOf } from "./go-map.ts";
import { dereference, lineAt, type Mapping, type Node, type Tree } from "./yaml-tree.ts";

/** Keys from the root of the file; the position for an item of a list that is there. Never empty. */
export type ValuePath = readonly string[];

/** A node on the way to the value, and the pair it is the value of. */
export interface Step {
  readonly node: Node;
  readonly field?: Field;
  readonly parent?: Mapping;
}

/** The nodes along the path as far as they are there, the root first; empty for a file without any. */
export function trail({ root }: Tree, path: ValuePath): readonly Step[] {
  if (root === undefined) return [];
  const steps: Step[] = [{ node: root }];
  for (const key of path) {
    const last = dereference(steps.at(-1)?.node ?? root);
    const next =
      last.kind === "mapping"
        ? fieldStep(last, key)
        : last.kind === "sequence"
          ? last.items[Number(key)]
          : undefined;
    if (next === undefined) break;
    steps.push("node" in next ? next : { node: next });
  }
  return steps;
}

function fieldStep(parent: Mapping, key: string): Step | undefined {
  const field = fieldsOf(parent).get(key);
  return field === undefined ? undefined : { node: field.value, field, parent };
}

export function doubledKey(tree: Tree, path: ValuePath): Field | undefined {
  return trail(tree, path).find(({ field }) => field?.twice === true)?.field;
}

export function lineOf(tree: Tree, path: ValuePath): number | undefined {
  const last = trail(tree, path).at(-1);
  return last === undefined ? undefined : lineAt(tree.text, last.node.start);
}
