// What Helm rejects in a chart whose files it could decode, and names of dependencies that are too long to be served.

import { clip } from "../../model/clip.ts";
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

/** Every reason for which Helm rejects a decoded chart (Metadata.Validate), and every name that is too long. */
export function chartProblems(chart: LoadedChart): readonly Problem[] {
  return [
    ...metadataProblems(chart),
    ...chart.entries.flatMap(lengthProblem),
    ...chart.entries.flatMap(aliasProblem),
    ...nameProblems(chart.entries),
  ];
}

/** Of what is quoted in a message, in characters. */
const LONGEST_QUOTE = 300;

function metadataProblems({ name, version, type, hasChartYaml }: LoadedChart): readonly Problem[] {
  if (!hasChartYaml) return [];
  const refuse = (message: string): Problem => ({
    code: "manifest-invalid",
    message: `Chart.yaml: ${clip(message, LONGEST_QUOTE)}.`,
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

/** Helm's longest name of a chart (helm/helm pkg/chart/v2/util/create.go), in characters. */
const LONGEST_NAME = 250;

/** What is on record of a repository, and the paths that are asked of GitHub, are made of these names. */
function lengthProblem({ dependency: { name, alias = "" }, layers }: Entry): readonly Problem[] {
  const long = [name, alias].find(({ length }) => length > LONGEST_NAME);
  if (long === undefined) return [];
  const message = `a dependency's name or alias has more than ${LONGEST_NAME} characters: ${clip(long, 50)}`;
  return [entryProblem(layers, message, "Shorten it: no chart with a longer one is served.")];
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

function entryProblem(layers: Entry["layers"], message: string, help?: string): Problem {
  const { file, tree, mapping } = layers.at(-1) ?? layers[0];
  return {
    code: "manifest-invalid",
    message: `${file}: ${clip(message, LONGEST_QUOTE)}.`,
    help: help ?? `Correct ${file}: Helm refuses to load this chart.`,
    place: { file, line: lineAt(tree.text, mapping.start) },
  };
}
