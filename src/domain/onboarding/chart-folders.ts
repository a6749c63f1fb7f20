// The charts of a repository, and which of them are umbrella charts. Charts inside of another chart's `charts/` and
// `templates/` are part of that chart.

import { isEnvironmentPath } from "../config/environment-path.ts";
import { CHART_FILES, type Files } from "../model/umbrella.ts";
import { readUmbrella } from "../umbrella/read-umbrella.ts";

/** Folders that are not searched for charts. */
export const NEVER_SEARCHED: readonly string[] = ["node_modules", ".git"];

/** `paths`: of files. The folders of charts, "" for the root, sorted so that each comes before its subfolders. */
export function chartFolders(paths: Iterable<string>): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const [folder, file] = parted(path);
    if (CHART_FILES.includes(file)) folders.add(folder);
  }
  return [...folders].filter((folder) => isSearched(folder, folders)).sort(byParts);
}

function parted(path: string): readonly [folder: string, file: string] {
  const at = path.lastIndexOf("/");
  return at === -1 ? ["", path] : [path.slice(0, at), path.slice(at + 1)];
}

function isSearched(folder: string, charts: ReadonlySet<string>): boolean {
  const parts = folder === "" ? [] : folder.split("/");
  return parts.every((part, at) => {
    const isOfChart = part === "charts" || part === "templates";
    return !NEVER_SEARCHED.includes(part) && !(isOfChart && charts.has(parts.slice(0, at).join("/")));
  });
}

function byParts(one: string, other: string): number {
  const [a, b] = [one.replaceAll("/", "\0"), other.replaceAll("/", "\0")];
  return a < b ? -1 : a > b ? 1 : 0;
}

export type FolderJudgement =
  | { readonly kind: "umbrella" }
  /** A chart without dependencies. */
  | { readonly kind: "plain" }
  /** Helm could not load it, or its folder cannot be named in a config. */
  | { readonly kind: "left-out"; readonly because: string };

/** `files`: those of `CHART_FILES` in the chart's folder. */
export function judgeChartFolder(folder: string, files: Files): FolderJudgement {
  const umbrella = readUmbrella(files, new Map());
  if (!umbrella.ok)
    return { kind: "left-out", because: umbrella.problems[0]?.message ?? "it cannot be read." };
  if (umbrella.value.dependencies.length === 0) return { kind: "plain" };
  return isEnvironmentPath(folder)
    ? { kind: "umbrella" }
    : { kind: "left-out", because: "no config file can name a path with a backslash." };
}
