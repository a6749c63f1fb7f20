// Raises the umbrella chart's own version by one patch.

import { fail, ok, type Problem, type Result } from "../../model/problem.ts";
import type { Files } from "../../model/umbrella.ts";
import { parseVersion } from "../../versions/version.ts";
import type { ManifestFile } from "../chart/entry.ts";
import { metadataField, readChart } from "../chart/helm-chart.ts";
import { differences, type MapPath, plainOf } from "../yaml/go-map.ts";
import { applySplices, scalarSplice } from "../yaml/splice.ts";
import { dereference, lineAt, type YamlTree } from "../yaml/yaml-tree.ts";

/**
 * The folder's files with the patch number raised: `1.2.3` to `1.2.4`, a pre-release to its release. A `v` and leading
 * zeros are kept: `2024.01.09` to `2024.01.10`.
 */
export function raiseUmbrellaVersion(files: Files): Result<Files> {
  const chart = readChart(files);
  if (!chart.ok) return chart;
  const { trees, version } = chart.value;
  const next = patched(version);
  const found = [...trees].findLast(([, tree]) => metadataField(new Map([["Chart.yaml", tree]]), "version"));
  if (found === undefined || next === undefined) return fail(unraised(version));
  const [file, tree] = found;
  const text = rewritten(file, tree, next);
  return text === undefined
    ? fail(unraised(version, placeOf(file, tree)))
    : ok(new Map(files).set(file, text));
}

function patched(text: string): string | undefined {
  const version = parseVersion(text);
  const [, v = "", major = "", minor = "0", patch = "0"] =
    /^(v?)(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text) ?? [];
  if (version === undefined) return undefined;
  const next = version.prerelease === "" ? String(version.patch + 1n).padStart(patch.length, "0") : patch;
  return `${v}${major}.${minor}.${next}`;
}

/** The new text, if the version is the only change that Helm reads. */
function rewritten(file: ManifestFile, tree: YamlTree, version: string): string | undefined {
  const scalar = scalarOf(file, tree);
  if (scalar?.kind !== "scalar" || tree.root === undefined) return undefined;
  const text = applySplices(tree.text, [scalarSplice(tree, scalar, version)]);
  const after = readChart(new Map([[file, text]]));
  const root = after.ok ? after.value.trees.get(file)?.root : undefined;
  const changes = root === undefined ? [] : differences(plainOf(tree.root), plainOf(root));
  return changes.length === 1 &&
    changes.every(({ path, after: value }) => isVersion(path) && value === version)
    ? text
    : undefined;
}

function isVersion(path: MapPath): boolean {
  return path.length === 1 && String(path[0]).toLowerCase() === "version";
}

function scalarOf(file: ManifestFile, tree: YamlTree) {
  const field = metadataField(new Map([[file, tree]]), "version");
  return field === undefined ? undefined : dereference(field.value);
}

function placeOf(file: ManifestFile, tree: YamlTree) {
  return { file, line: lineAt(tree.text, scalarOf(file, tree)?.start ?? 0) };
}

function unraised(version: string, place?: Problem["place"]): Problem {
  return {
    code: "edit-not-exact",
    message: `The umbrella chart's own version "${version}" cannot be raised without changing something else.`,
    help: "Give Chart.yaml a plain version, or set umbrellaVersion to keep.",
    ...(place !== undefined && { place }),
  };
}
