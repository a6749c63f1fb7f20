// Sets values below the keys of charts, each in the environment's values file that already has it.

import { fail, ok, type Problem, type Result } from "../../model/problem.ts";
import type { Bump, Files, Value, ValuePath, ValueToSet } from "../../model/umbrella.ts";
import { expandValuesFiles } from "../../model/umbrella.ts";
import { pathText } from "../../strvals/path-text.ts";
import type { YamlTree } from "../yaml/yaml-tree.ts";
import { remarks, valueInPlace } from "./kind-of-value.ts";
import { isMap } from "./print-value.ts";
import { readValues } from "./read-values.ts";
import { dataOf, depthOf, type Setting, setValue } from "./set-value.ts";
import { valueAt } from "./with-value.ts";

export interface EditedValues {
  readonly files: Files;
  readonly notes: readonly string[];
}

/**
 * The folder's files with every value set. A map is merged key by key, as Helm merges values; a list replaces the old
 * one. A values file is created when none of the named ones exists.
 */
export function editValues(
  files: Files,
  { values, valuesFiles }: Pick<Bump, "values" | "valuesFiles">,
): Result<EditedValues> {
  const leaves = values.flatMap((value) => leavesOf(value, valuesFiles));
  let current = files;
  const notes: string[] = [];
  for (const [index, leaf] of leaves.entries()) {
    const edited = setLeaf(current, leaf, leaves.slice(index + 1, index + 1 + MOST_TOGETHER));
    if (!edited.ok) return edited;
    current = edited.value.files;
    notes.push(...edited.value.notes);
  }
  return ok({ files: current, notes: [...new Set(notes)] });
}

/** How many later values are considered that may follow the same anchor. */
const MOST_TOGETHER = 20;

interface Leaf {
  readonly path: ValuePath;
  readonly given: { readonly value: Value } | { readonly untyped: string | readonly string[] };
  /** The values files that may contain it. */
  readonly names: readonly string[];
}

function leavesOf(given: ValueToSet, valuesFiles: readonly string[]): readonly Leaf[] {
  const names = expandValuesFiles(valuesFiles, [given.chart]);
  const path = [given.chart, ...given.path];
  if ("untyped" in given) return [{ path, names, given: { untyped: given.untyped } }];
  return leavesBelow(path, given.value).map((leaf) => ({ path: leaf.path, names, given: leaf }));
}

function leavesBelow(path: ValuePath, value: Value): readonly Setting[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesBelow([...path, key], inner));
}

function setLeaf(files: Files, leaf: Leaf, later: readonly Leaf[]): Result<EditedValues> {
  const [first] = leaf.names;
  const trees = treesOf(files, leaf);
  if (!trees.ok) return trees;
  const held = holderOf(trees.value, leaf.path);
  const tree = held ?? (first === undefined ? undefined : { file: first, text: "", aliases: [] });
  if (tree === undefined) return fail(nowhere(leaf.path));
  const together = tree.aliases.length === 0 ? [] : later.filter((one) => isHeldBy(tree, one, files));
  return setIn(tree, leaf, { files, together });
}

function treesOf(files: Files, { names }: Leaf): Result<readonly YamlTree[]> {
  const trees: YamlTree[] = [];
  for (const name of names) {
    const text = files.get(name);
    if (text === undefined) continue;
    const tree = readValues(name, text);
    if (!tree.ok) return tree;
    trees.push(tree.value);
  }
  return ok(trees);
}

function isHeldBy({ file }: YamlTree, leaf: Leaf, files: Files): boolean {
  const trees = treesOf(files, leaf);
  return trees.ok && holderOf(trees.value, leaf.path)?.file === file;
}

interface Around {
  readonly files: Files;
  /** Values that are set in the same file later. */
  readonly together: readonly Leaf[];
}

function setIn(tree: YamlTree, leaf: Leaf, { files, together }: Around): Result<EditedValues> {
  const { path, given } = leaf;
  const standing = valueAt(dataOf(tree), path);
  const { value } = settingOf(tree, leaf);
  const set = setValue(
    tree,
    { path, value },
    together.map((one) => settingOf(tree, one)),
  );
  if (!set.ok) return set;
  const { text, notes } = set.value;
  if (text === tree.text) return ok({ files, notes: [] });
  const remarked = remarks({ path, value, standing, ...("untyped" in given && { untyped: given.untyped }) });
  const own = chartKeyNote(tree, path);
  return ok({ files: new Map(files).set(tree.file, text), notes: [...notes, ...remarked, ...own] });
}

/** `--set xposer.image.tag=…` adds a key to the chart's values that has the chart's own name: probably a mistake. */
function chartKeyNote(tree: YamlTree, path: ValuePath): readonly string[] {
  const [chart, key] = path;
  if (chart !== key || chart === undefined || valueAt(dataOf(tree), [chart, chart]) !== undefined) return [];
  const name = pathText([chart, chart]);
  return [`${name} is a new key: what is set stands below the chart's own key "${chart}" already.`];
}

function settingOf(tree: YamlTree, { path, given }: Leaf): Setting {
  return {
    path,
    value: "untyped" in given ? valueInPlace(given.untyped, valueAt(dataOf(tree), path)) : given.value,
  };
}

/**
 * The file with the longest part of the path; of several the last, whose values win; the first when none has any part.
 */
function holderOf(trees: readonly YamlTree[], path: ValuePath): YamlTree | undefined {
  const depths = trees.map((tree) => Math.max(0, depthOf(tree, path)));
  const most = Math.max(...depths);
  return most === 0 ? trees[0] : trees.findLast((_, index) => depths[index] === most);
}

function nowhere(path: ValuePath): Problem {
  return {
    code: "values-invalid",
    message: `There is no values file to set ${pathText(path)} in.`,
    help: "Name the file under valuesFiles.",
  };
}
