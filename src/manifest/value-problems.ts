// Why a value cannot be set.

import type { Problem } from "../model/problem.ts";
import type { Field } from "./go-map.ts";
import { lineOf, type ValuePath } from "./value-path.ts";
import { lineAt, type Tree } from "./yaml-tree.ts";

export function obstructed(tree: Tree, path: ValuePath): Problem {
  const line = lineOf(tree, path);
  return {
    code: "values-invalid",
    message: `${tree.file}: ${path.join(".")} cannot be set, because something else than a map stands on the way to it or a map in its place.`,
    help: "Correct the path, or the values file.",
    place: { file: tree.file, ...(line !== undefined && { line }) },
  };
}

export function ambiguous(tree: Tree, path: ValuePath, { key, value }: Field): Problem {
  const line = lineAt(tree.text, value.start);
  return {
    code: "edit-not-exact",
    message: `${tree.file}: on the way to ${path.join(".")} the key "${key}" stands twice (again in line ${line}), and readers of YAML disagree on which one counts.`,
    help: `Remove one of the two "${key}" keys.`,
    place: { file: tree.file, line },
  };
}

export function notExact(tree: Tree, path: ValuePath): Problem {
  const line = lineOf(tree, path);
  return {
    code: "edit-not-exact",
    message: `${tree.file}: ${path.join(".")} cannot be set without changing something else.`,
    help: "Give it a plain value of its own, without an anchor, a merge key or a tag.",
    place: { file: tree.file, ...(line !== undefined && { line }) },
  };
}
