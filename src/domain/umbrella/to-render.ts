// The umbrella chart to render: as an environment's folder has it, with those of its dependencies that are at hand.

import { stringify } from "yaml";
import type { Environment } from "../model/config/config.ts";
import type { Dependency, Files, Umbrella } from "../model/umbrella.ts";
import { expandValuesFiles, valuesKey } from "../model/umbrella.ts";

/** A dependency as Helm will install it. */
export interface PackedDependency {
  readonly dependency: Dependency;
  /** Exact. */
  readonly version: string;
  readonly packed: Uint8Array;
}

export interface UmbrellaToRender {
  /** The folder's texts, those of them that are there. */
  readonly texts: Files;
  readonly umbrella: Umbrella;
  readonly environment: Pick<Environment, "valuesFiles" | "cluster">;
}

/** Aliases, conditions and tags stay; templates of the umbrella's own, where `texts` has any, are rendered too. */
export function umbrellaToRender(
  dependencies: readonly PackedDependency[],
  { texts, umbrella, environment }: UmbrellaToRender,
): {
  readonly umbrellaFiles: Files;
  readonly archives: ReadonlyMap<string, Uint8Array>;
  readonly valuesFiles: readonly string[];
} {
  const keys = dependencies.map(({ dependency }) => valuesKey(dependency));
  const valuesFiles = valuesFilesOf(environment, keys).filter((file) => texts.has(file));
  const kept = [...texts].filter(
    ([path]) => valuesFiles.includes(path) || path === "values.schema.json" || path.startsWith("templates/"),
  );
  return {
    umbrellaFiles: new Map([["Chart.yaml", chartYaml(dependencies, { umbrella, environment })], ...kept]),
    archives: new Map(
      dependencies.map(({ dependency: { name }, version, packed }) => [`${name}-${version}.tgz`, packed]),
    ),
    valuesFiles,
  };
}

/** The files that Helm is given, later ones winning; it takes `values.yaml` of the folder whether it is named or not. */
export function valuesFilesOf(
  { valuesFiles }: Pick<Environment, "valuesFiles">,
  keys: readonly string[],
): readonly string[] {
  return [...new Set(["values.yaml", ...expandValuesFiles(valuesFiles, keys)])];
}

/** What the umbrella asks of its cluster is tried only where the cluster is stated. */
function chartYaml(
  dependencies: readonly PackedDependency[],
  { umbrella, environment }: Pick<UmbrellaToRender, "umbrella" | "environment">,
): string {
  const { name, version } = umbrella;
  const kubeVersion = environment.cluster.kubeVersion === undefined ? undefined : umbrella.kubeVersion;
  return stringify({
    apiVersion: "v2",
    name,
    version: version || "0.0.0",
    ...(kubeVersion !== undefined && { kubeVersion }),
    dependencies: dependencies.map(({ dependency, version: exact }) => entry(dependency, exact)),
  });
}

function entry({ name, alias, condition, tags, importValues }: Dependency, version: string) {
  return {
    name,
    version,
    repository: "",
    ...(alias !== undefined && { alias }),
    ...(condition !== undefined && { condition }),
    ...(tags && { tags }),
    ...(importValues && { "import-values": importValues }),
  };
}
