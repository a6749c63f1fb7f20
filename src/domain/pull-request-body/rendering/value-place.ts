// Locates a value that Helm or a schema names in an environment's values files.

import { valuesKey } from "../../model/umbrella.ts";
import type { ChartFacts, TextFile } from "../facts.ts";
import type { TreePath } from "../manifests/tree.ts";
import { environmentValues } from "../values/environment-values.ts";

/** With its path in the repository, and a line counted from 1. */
export interface ValuePlace {
  readonly file: string;
  readonly line: number;
}

/** The file and line that set the value at this path, or the first one below it; absent when no file sets it. */
export function placeOfValue(
  [key = "", ...below]: TreePath,
  files: readonly TextFile[],
): ValuePlace | undefined {
  const { overrides } = environmentValues(files, key);
  const found = overrides.find(({ path }) => isWithin(path, below) || isAbove(path, below));
  return found && { file: found.file, line: found.line };
}

function isWithin(path: TreePath, ancestor: TreePath): boolean {
  return ancestor.every((part, index) => path[index] === part);
}

/** A scalar or list on the path to another value. */
function isAbove(path: TreePath, below: TreePath): boolean {
  return path.length > 0 && isWithin(below, path);
}

type Opened = Pick<ChartFacts, "keys" | "before" | "after">;

/**
 * Path of the values of the chart with this name or alias, from the umbrella's root: `["web", "db"]`. Empty for the
 * umbrella itself; `undefined` when several charts have that name and none of them has a value at `path`.
 */
export function valuesOfChart(
  name: string,
  path: TreePath,
  { charts, valuesFiles, umbrella }: ChartsAndValues,
): TreePath | undefined {
  if (charts.some(({ keys }) => keys.includes(name))) return [name];
  const candidates = charts.flatMap((chart) => subchartsNamed(name, chart));
  if (candidates.length === 0 && name === umbrella) return [];
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  const set = candidates.filter(
    (candidate) => placeOfValue([...candidate, ...path], valuesFiles) !== undefined,
  );
  return set.length === 1 ? set[0] : undefined;
}

export interface ChartsAndValues {
  readonly charts: readonly Opened[];
  readonly valuesFiles: readonly TextFile[];
  /** Name of the umbrella chart. */
  readonly umbrella?: string;
}

function subchartsNamed(name: string, { keys, before, after }: Opened): readonly TreePath[] {
  const below = new Set([before, after].flatMap((side) => pathsNamed(name, side)));
  return keys.flatMap((key) => [...below].map((path) => [key, ...path.split("/")]));
}

/** By the dependencies in the chart's own Chart.yaml, and by the folders and archives in its `charts/` at any depth. */
function pathsNamed(name: string, side: ChartFacts["before"]): readonly string[] {
  if (side.kind === "missing") return [];
  const { metadata, files } = side.archive;
  const declared = metadata.dependencies.some((entry) => valuesKey(entry) === name) ? [name] : [];
  const vendored = [...files.keys()].flatMap((path) => {
    const parts = path.split("/").filter((part) => part !== "charts");
    const folder = /^((?:charts\/[^/]+\/)*charts\/([^/]+))\/Chart\.yaml$/.exec(path);
    return folder?.[2] === name ? [parts.slice(0, -1).join("/")] : [];
  });
  return [...new Set([...declared, ...vendored])];
}
