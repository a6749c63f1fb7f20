// What Helm rejects in a chart whose files it could decode.

import type { Problem } from "../../model/problem.ts";
import { valuesKey } from "../../model/umbrella.ts";
import { parseVersion } from "../../versions/version.ts";
import { lineAt } from "../yaml/yaml-tree.ts";
import type { Entry } from "./entry.ts";

export interface LoadedChart {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  /** Without a Chart.yaml there is no metadata to validate. */
  readonly hasChartYaml: boolean;
  readonly entries: readonly Entry[];
}

/** Every reason for which Helm rejects a decoded chart (Metadata.Validate). */
export function chartProblems(chart: LoadedChart): readonly Problem[] {
  return [...metadataProblems(chart), ...chart.entries.flatMap(aliasProblem), ...nameProblems(chart.entries)];
}

function metadataProblems({ name, version, type, hasChartYaml }: LoadedChart): readonly Problem[] {
  if (!hasChartYaml) return [];
  const refuse = (message: string): Problem => ({
    code: "manifest-invalid",
    message: `Chart.yaml: ${message}.`,
    help: "Correct Chart.yaml: Helm refuses to load this chart.",
    place: { file: "Chart.yaml" },
  });
  return [
    ...(name === "" ? [refuse("the chart has no name")] : []),
    ...(name.includes("/") ? [refuse(`"${name}" is no name for a chart`)] : []),
    ...(version === "" ? [refuse("the chart has no version")] : []),
    ...(["", "application", "library"].includes(type)
      ? []
      : [refuse(`the chart's type "${type}" is neither application nor library`)]),
    ...(version !== "" && parseVersion(version) === undefined
      ? [refuse(`the chart's own version "${version}" is not a semantic version`)]
      : []),
  ];
}

function aliasProblem({ dependency, layers }: Entry): readonly Problem[] {
  const { name, alias } = dependency;
  if (alias === undefined || /^[a-zA-Z0-9_-]+$/.test(alias)) return [];
  return [
    entryProblem(
      layers,
      `dependency "${name}" has the alias "${alias}", in which Helm allows only letters, digits, - and _`,
    ),
  ];
}

function nameProblems(entries: readonly Entry[]): readonly Problem[] {
  const seen = new Set<string>();
  return entries.flatMap(({ layers, dependency }) => {
    const name = valuesKey(dependency);
    if (seen.has(name))
      return [entryProblem(layers, `more than one dependency with name or alias "${name}"`)];
    seen.add(name);
    return [];
  });
}

function entryProblem(layers: Entry["layers"], message: string): Problem {
  const { file, tree, mapping } = layers.at(-1) ?? layers[0];
  return {
    code: "manifest-invalid",
    message: `${file}: ${message}.`,
    help: `Correct ${file}: Helm refuses to load this chart.`,
    place: { file, line: lineAt(tree.text, mapping.start) },
  };
}
