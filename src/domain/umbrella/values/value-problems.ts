// Why a value cannot be set.

import type { Problem } from "../../model/problem.ts";
import type { ValuePath } from "../../model/umbrella.ts";
import { pathText } from "../../strvals/path-text.ts";
import { type Field, plainOf } from "../yaml/go-map.ts";
import { lineAt, type YamlTree } from "../yaml/yaml-tree.ts";
import { lineOf } from "./value-path.ts";
import { isList, valueAt } from "./with-value.ts";

/** `at`: number of path steps to the value that is in the way. */
export function obstructed(tree: YamlTree, path: ValuePath, at: number): Problem {
  const above = path.slice(0, at);
  const data = tree.root === undefined ? undefined : valueAt(plainOf(tree.root), above);
  const there = above.length === 0 ? "The whole file" : `"${pathText(above)}"`;
  const step = path[at];
  const wanted = step === undefined ? "a value of its own" : typeof step === "number" ? "a list" : "a map";
  return {
    code: "values-invalid",
    message: `${tree.file}: ${pathText(path)} cannot be set: ${there} is ${kindOf(data)}, where ${wanted} would have to stand.`,
    help:
      isList(data) && typeof step === "string"
        ? "Write [0] for the first item of a list."
        : "Correct the path, or the values file.",
    place: placeOf(tree, path),
  };
}

/** An index beyond the end of the list. */
export function leavesGap(tree: YamlTree, path: ValuePath, at: number): Problem {
  const above = path.slice(0, at);
  const data = tree.root === undefined ? undefined : valueAt(plainOf(tree.root), above);
  const length = isList(data) ? data.length : 0;
  return {
    code: "values-invalid",
    message: `${tree.file}: ${pathText(path)} cannot be set: "${pathText(above)}" has ${length} ${length === 1 ? "item" : "items"}, and Helm would fill the gap with nulls.`,
    help: `The next position is [${length}].`,
    place: placeOf(tree, path),
  };
}

export function ambiguous(tree: YamlTree, path: ValuePath, { key, value }: Field): Problem {
  const line = lineAt(tree.text, value.start);
  return {
    code: "edit-not-exact",
    message: `${tree.file}: on the way to ${pathText(path)} the key "${key}" stands twice (again in line ${line}), and readers of YAML disagree on which one counts.`,
    help: `Remove one of the two "${key}" keys.`,
    place: { file: tree.file, line },
  };
}

export function notExact(tree: YamlTree, path: ValuePath): Problem {
  return {
    code: "edit-not-exact",
    message: `${tree.file}: ${pathText(path)} cannot be set without changing something else.`,
    help: "Give it a plain value of its own, without an anchor, a merge key or a tag.",
    place: placeOf(tree, path),
  };
}

function placeOf(tree: YamlTree, path: ValuePath): NonNullable<Problem["place"]> {
  const line = lineOf(tree, path);
  return { file: tree.file, ...(line !== undefined && { line }) };
}

function kindOf(data: unknown): string {
  if (data === null || data === undefined) return "nothing";
  if (typeof data !== "object")
    return typeof data === "string" ? "a text" : typeof data === "boolean" ? "true or false" : "a number";
  return Array.isArray(data) ? "a list" : "a map";
}
