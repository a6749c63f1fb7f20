// Sets values below the keys of charts, each in the one of an environment's values files where it stands.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Bump, Files, Value } from "../model/umbrella.ts";
import { isMap } from "./print-value.ts";
import { readTree } from "./read-tree.ts";
import { depthOf, setValue } from "./set-value.ts";
import type { ValuePath } from "./value-path.ts";
import type { Tree } from "./yaml-tree.ts";

/**
 * The folder's files with every value set. A map is laid over what stands there, key by key, as Helm lays values over
 * values; a list takes the place of the old one. A values file is created when none of those named is there.
 */
export function editValues(
  files: Files,
  { values, valuesFiles }: Pick<Bump, "values" | "valuesFiles">,
): Result<Files> {
  let current = files;
  for (const { chart, path, value } of values) {
    for (const leaf of leavesOf([chart, ...path], value)) {
      const edited = setLeaf(current, leaf, namesFor(valuesFiles, chart));
      if (!edited.ok) return edited;
      current = edited.value;
    }
  }
  return ok(current);
}

interface Leaf {
  readonly path: ValuePath;
  readonly value: Value;
}

function leavesOf(path: ValuePath, value: Value): readonly Leaf[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf([...path, key], inner));
}

function namesFor(valuesFiles: readonly string[], chart: string): readonly string[] {
  return [...new Set(valuesFiles.map((name) => name.replaceAll("{chart}", chart)))];
}

function setLeaf(files: Files, { path, value }: Leaf, names: readonly string[]): Result<Files> {
  const trees: Tree[] = [];
  for (const name of names) {
    const text = files.get(name);
    if (text === undefined) continue;
    const tree = readTree(name, text, "values-invalid");
    if (!tree.ok) return tree;
    trees.push(tree.value);
  }
  const [first] = names;
  const tree =
    holderOf(trees, path) ?? (first === undefined ? undefined : { file: first, text: "", aliases: [] });
  if (tree === undefined) return fail(nowhere(path));
  const text = setValue(tree, path, value);
  return text.ok ? ok(new Map(files).set(tree.file, text.value)) : text;
}

/** The file that holds most of the path; of several the last, whose values win; the first where none holds any. */
function holderOf(trees: readonly Tree[], path: ValuePath): Tree | undefined {
  const depths = trees.map((tree) => Math.max(0, depthOf(tree, path)));
  const most = Math.max(...depths);
  return most === 0 ? trees[0] : trees.findLast((_, index) => depths[index] === most);
}

function nowhere(path: ValuePath): Problem {
  return {
    code: "values-invalid",
    message: `There is no values file to set ${path.join(".")} in.`,
    help: "Name the file under valuesFiles.",
  };
}
