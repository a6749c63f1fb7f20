// The umbrella chart to render: the environment's folder with those dependencies whose archives were fetched.

import { stringify } from "yaml";
import type { Environment } from "../model/config/config.ts";
import type { Dependency, Files, Umbrella } from "../model/umbrella.ts";
import { expandValuesFiles, valuesKey } from "../model/umbrella.ts";

/** A dependency with the version that Helm will install. */
export interface PackedDependency {
  readonly dependency: Dependency;
  /** Exact. */
  readonly version: string;
  readonly packed: Uint8Array;
}

export interface UmbrellaToRender {
  /** Texts of the folder. */
  readonly texts: Files;
  readonly umbrella: Umbrella;
  readonly environment: Pick<Environment, "valuesFiles" | "cluster">;
}

/** Keeps aliases, conditions and tags; templates of the umbrella itself, if `texts` has any, are rendered too. */
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

/**
 * The values files for Helm, later ones overriding earlier ones. `values.yaml` of the folder comes first, as Helm
 * always reads it.
 */
export function valuesFilesOf(
  { valuesFiles }: Pick<Environment, "valuesFiles">,
  keys: readonly string[],
): readonly string[] {
  return [...new Set(["values.yaml", ...expandValuesFiles(valuesFiles, keys)])];
}

/** The umbrella's `kubeVersion` is kept only when the environment's cluster is stated. */
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
