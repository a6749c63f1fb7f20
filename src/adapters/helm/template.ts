// Runs `helm template` on an umbrella chart's folder, with or without its schemas.

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
  /** `never`: must not be applied, even by a Helm version that cannot skip them. */
  readonly schemas: "tried" | "skipped" | "never";
  /** Whether the contents of `crds/` are printed first. */
  readonly definitions: "with" | "without";
  readonly apiVersions: readonly string[];
}

export type Tried =
  | ({ readonly kind: "rendered"; readonly text: string } & SchemaWords)
  /** Helm's own message. */
  | { readonly kind: "failed"; readonly message: string }
  /** A failure that says nothing about the chart. */
  | { readonly kind: "unknown"; readonly because: string };

const OUTPUT_LIMIT = 32 * 1024 * 1024;

/** If a schema rejects the values, renders without schemas and returns the violations as well. */
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
  // Helm before 3.16 does not have this option: then only its schema errors are known.
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
