// An umbrella chart in a temporary folder while Helm works with it.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize, sep } from "node:path";
import { types } from "node:util";
import { clip } from "../../domain/model/clip.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Files } from "../../domain/model/umbrella.ts";

export interface UmbrellaInput {
  /** Texts of the umbrella chart's folder by relative path. Archives in `charts/` come from `archives` instead. */
  readonly umbrellaFiles: Files;
  /** Packed dependencies by file name (`xposer-2.0.0.tgz`). */
  readonly archives: ReadonlyMap<string, Uint8Array>;
  /** Paths among `umbrellaFiles`, later ones override earlier ones; Helm itself reads `values.yaml` at the root. */
  readonly valuesFiles: readonly string[];
}

export interface ChartFolder {
  /** The umbrella chart's folder. */
  readonly chart: string;
  /** An empty folder beside it, for Helm's own files. */
  readonly home: string;
}

/** Deletes the folder when `work` is done. A path that leads outside of it is a problem, and never written. */
export async function inChartFolder<T>(
  input: UmbrellaInput,
  work: (folder: ChartFolder) => Promise<T>,
): Promise<Result<T>> {
  const folder = await mkdtemp(join(tmpdir(), "chart-promoter-helm-"));
  try {
    const [chart, home] = [join(folder, "chart"), join(folder, "home")];
    await Promise.all([mkdir(chart), mkdir(home)]);
    const problem = await writeChart(chart, input);
    return problem === undefined ? ok(await work({ chart, home })) : fail(problem);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeChart(
  folder: string,
  { umbrellaFiles, archives }: UmbrellaInput,
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
    const fault = await write(target, contents);
    if (fault !== undefined) {
      return {
        code: "manifest-invalid",
        message: `The path ${clip(path, 200)} cannot be written: ${fault}.`,
        help: "Rename it in the umbrella chart.",
      };
    }
  }
  return undefined;
}

/** Why the file cannot be written here although Git can store it; `undefined` when it was written. */
async function write(target: string, contents: string | Uint8Array): Promise<string | undefined> {
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
    return undefined;
  } catch (error) {
    const code = types.isNativeError(error) && "code" in error ? String(error.code) : "";
    const fault = FAULTS.get(code);
    if (fault === undefined) throw error;
    return fault;
  }
}

const FAULTS: ReadonlyMap<string, string> = new Map([
  ["ENOTDIR", "a file stands where it needs a folder"],
  ["EEXIST", "a file stands where it needs a folder"],
  ["EISDIR", "a folder stands in its place"],
  ["ENAMETOOLONG", "a name in it is too long"],
]);
