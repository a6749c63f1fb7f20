// What Helm makes of an umbrella chart and its dependencies' archives: `helm template` in a folder of its own.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize, sep } from "node:path";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Files } from "../model/umbrella.ts";
import { type HelmOutcome, runHelm } from "./run-helm.ts";

export interface RenderInput {
  /** Texts of the umbrella chart's folder by path below it. Archives below `charts/` come from `archives` instead. */
  readonly umbrellaFiles: Files;
  /** Packed dependencies by file name (`xposer-2.0.0.tgz`). */
  readonly archives: ReadonlyMap<string, Uint8Array>;
  /** Paths among `umbrellaFiles`, later ones winning; `values.yaml` at the root is taken by Helm itself. */
  readonly valuesFiles: readonly string[];
  readonly release: string;
  readonly namespace?: string;
}

export interface Renderer {
  /** YAML documents, custom resource definitions among them, or the problem with Helm's own words. */
  readonly render: (input: RenderInput) => Promise<Result<string>>;
}

const TIMEOUT_MS = 30_000;
const OUTPUT_LIMIT = 32 * 1024 * 1024;

/** A renderer for this helm program; `undefined` when there is none to render with. */
export function renderer(
  helm: string | undefined,
  limits: { readonly timeoutMs?: number } = {},
): Renderer | undefined {
  if (helm === undefined) return undefined;
  return { render: (input) => render(input, { helm, timeoutMs: limits.timeoutMs ?? TIMEOUT_MS }) };
}

interface Program {
  readonly helm: string;
  readonly timeoutMs: number;
}

async function render(input: RenderInput, program: Program): Promise<Result<string>> {
  const folder = await mkdtemp(join(tmpdir(), "chart-promoter-helm-"));
  try {
    const [chart, home] = [join(folder, "chart"), join(folder, "home")];
    await Promise.all([mkdir(chart), mkdir(home)]);
    const problem = await writeChart(chart, input);
    if (problem !== undefined) return fail(problem);
    const args = [
      "template",
      input.release,
      ".",
      "--include-crds",
      "--is-upgrade",
      "--skip-schema-validation",
      ...options(input),
    ];
    const run = {
      helm: program.helm,
      home,
      cwd: chart,
      timeoutMs: program.timeoutMs,
      outputLimit: OUTPUT_LIMIT,
    };
    const outcome = await runHelm({ ...run, args });
    // Helm before 3.16 has no such option; it checks the schema then, and cannot fetch anything for it either.
    const old = outcome.kind === "failed" && /unknown flag: --skip-schema-validation/.test(outcome.stderr);
    const last = old
      ? await runHelm({ ...run, args: args.filter((arg) => arg !== "--skip-schema-validation") })
      : outcome;
    return result(last, program.timeoutMs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function options({ namespace, valuesFiles }: RenderInput): readonly string[] {
  const values = valuesFiles
    .filter((path) => path !== "values.yaml")
    .flatMap((path) => ["--values", `./${path}`]);
  return [...(namespace === undefined ? [] : ["--namespace", namespace]), ...values];
}

/** A path that leads out of the folder is a problem, never followed. */
async function writeChart(
  folder: string,
  { umbrellaFiles, archives }: RenderInput,
): Promise<Problem | undefined> {
  const files = [
    ...[...umbrellaFiles].map(([path, text]) => [path, text] as const),
    ...[...archives].map(([name, bytes]) => [`charts/${name}`, bytes] as const),
  ];
  for (const [path, contents] of files) {
    const target = normalize(join(folder, path));
    if (!target.startsWith(folder + sep)) {
      return {
        code: "manifest-invalid",
        message: `The path ${path} leads out of the chart.`,
        help: "Take it out of the umbrella chart.",
      };
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
  }
  return undefined;
}

function result(outcome: HelmOutcome, timeoutMs: number): Result<string> {
  switch (outcome.kind) {
    case "done":
      return ok(outcome.stdout);
    case "failed":
      return fail({
        code: "manifest-invalid",
        message: outcome.stderr.trim() || "helm template failed without a word.",
        help: "Run `helm template` on the promotion branch to see the same, and fix the values or the chart.",
      });
    case "too-slow":
      return fail({
        code: "too-slow",
        message: `helm template had not finished after ${timeoutMs / 1000} seconds.`,
        help: "Look for a template that loops without end.",
      });
    case "too-large":
      return fail({
        code: "too-large",
        message: `helm template printed more than ${OUTPUT_LIMIT / 1024 / 1024} MiB.`,
        help: "Look for a template that repeats without end.",
      });
    case "not-started":
      return fail({
        code: "unavailable",
        message: `helm could not be started: ${outcome.because}.`,
        help: "Install helm on the PATH of the server.",
      });
  }
}
