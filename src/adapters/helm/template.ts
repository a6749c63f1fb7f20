// One `helm template` of an umbrella chart's folder, with its schemas tried or not.

import type { Cluster } from "../../domain/model/config/config.ts";
import type { SchemaWords } from "../../domain/pull-request-body/facts.ts";
import { helmWords, readSchemaWords } from "../../domain/pull-request-body/rendering/helm-words.ts";
import type { ChartFolder } from "./chart-folder.ts";
import { type HelmOutcome, runHelm } from "./run-helm.ts";

export interface Program {
  readonly helm: string;
  readonly timeoutMs: number;
}

export interface TemplateOptions {
  readonly cluster: Cluster;
  readonly valuesFiles: readonly string[];
  readonly as: "upgrade" | "installation";
  /** `never`: not by a Helm either that cannot leave them out. */
  readonly schemas: "tried" | "skipped" | "never";
  /** Whether what stands in `crds/` comes in front. */
  readonly definitions: "with" | "without";
  readonly apiVersions: readonly string[];
}

export type Tried =
  | ({ readonly kind: "rendered"; readonly text: string } & SchemaWords)
  /** Helm's own words. */
  | { readonly kind: "failed"; readonly message: string }
  /** An end that says nothing about the chart. */
  | { readonly kind: "unknown"; readonly because: string };

const OUTPUT_LIMIT = 32 * 1024 * 1024;

/** Rendered also where a schema refuses the values: then with what it refuses. */
export async function tryTemplate(
  folder: ChartFolder,
  options: TemplateOptions,
  program: Program,
): Promise<Tried> {
  const outcome = await run(folder, options, program);
  if (options.schemas === "never" && isFlagUnknown(outcome))
    return unknown("a schema leads to a file of this machine, and this helm leaves no schema out");
  const words = outcome.kind === "failed" ? readSchemaWords(outcome.stderr) : undefined;
  if (words === undefined) return triedAs(outcome, { refused: [], untried: [] }, program);
  // Helm before 3.16 knows no such option: then its words about the schema are all there is.
  const skipped = await run(folder, { ...options, schemas: "skipped" }, program);
  return triedAs(isFlagUnknown(skipped) ? outcome : skipped, words, program);
}

function isFlagUnknown(outcome: HelmOutcome): boolean {
  return outcome.kind === "failed" && /unknown flag: --skip-schema/.test(outcome.stderr);
}

function run(
  { chart, home }: ChartFolder,
  options: TemplateOptions,
  { helm, timeoutMs }: Program,
): Promise<HelmOutcome> {
  return runHelm({ helm, args: args(options), home, cwd: chart, timeoutMs, outputLimit: OUTPUT_LIMIT });
}

function args(options: TemplateOptions): readonly string[] {
  const { cluster, valuesFiles, as, schemas, definitions, apiVersions } = options;
  const { release, namespace, kubeVersion } = cluster;
  const values = valuesFiles.filter((path) => path !== "values.yaml");
  return [
    ...["template", release, ".", "--namespace", namespace],
    ...(as === "upgrade" ? ["--is-upgrade"] : []),
    ...(schemas !== "tried" ? ["--skip-schema-validation"] : []),
    ...(definitions === "with" ? ["--include-crds"] : []),
    ...(kubeVersion === undefined ? [] : ["--kube-version", kubeVersion]),
    ...apiVersions.flatMap((version) => ["--api-versions", version]),
    ...values.flatMap((path) => ["--values", `./${path}`]),
  ];
}

function triedAs(outcome: HelmOutcome, words: SchemaWords, { timeoutMs }: Program): Tried {
  switch (outcome.kind) {
    case "done":
      return { kind: "rendered", text: outcome.stdout, ...words };
    case "failed":
      return { kind: "failed", message: helmWords(outcome.stderr) || "helm template failed without a word" };
    case "too-slow":
      return unknown(`helm template had not finished after ${timeoutMs / 1000} seconds`);
    case "too-large":
      return unknown(`helm template printed more than ${OUTPUT_LIMIT / 1024 / 1024} MiB`);
    case "out-of-limits":
      return unknown("helm template took more memory or processor time than it may");
    case "not-started":
      return unknown(`helm could not be started: ${outcome.because}`);
  }
}

function unknown(because: string): Tried {
  return { kind: "unknown", because };
}
