// An environment's folder before and after a change, with the archives of the charts concerned: the input for Helm.

import type { Environment } from "../../../domain/model/config/config.ts";
import type { Result } from "../../../domain/model/problem.ts";
import { inRepository } from "../../../domain/model/repository-path.ts";
import { type Files, type Umbrella, valuesKey } from "../../../domain/model/umbrella.ts";
import type { TextFile } from "../../../domain/pull-request-body/facts.ts";
import {
  type PackedDependency,
  umbrellaToRender,
  valuesFilesOf,
} from "../../../domain/umbrella/to-render.ts";
import type { ChartToJudge, ToRender, UmbrellaFolder } from "../../ports/chart-review.ts";

export interface ChangeToRender {
  /** Only these charts are rendered: the others' archives were not fetched, and they render as before. */
  readonly charts: readonly ChartToJudge[];
  readonly environment: Environment;
  readonly before: ReadFolder;
  readonly after: ReadFolder;
}

/** Texts of the environment's folder, and the umbrella chart read from them. */
export interface ReadFolder {
  readonly texts: Files;
  readonly umbrella: Result<Umbrella>;
}

export function foldersToRender(change: ChangeToRender): ToRender {
  const [before, after] = [folderOf("before", change), folderOf("after", change)];
  if (typeof after === "string") return { kind: "not-rendered", why: "impossible", because: after };
  const { folder, absent } = after;
  return typeof before === "string"
    ? { kind: "folders", before: folder, after: folder, absent, uncompared: before }
    : { kind: "folders", before: before.folder, after: folder, absent };
}

type Which = "before" | "after";

/** The folder, or why there is none. */
function folderOf(
  which: Which,
  { charts, environment, [which]: { texts, umbrella } }: ChangeToRender,
): { readonly folder: UmbrellaFolder; readonly absent: readonly string[] } | string {
  if (!umbrella.ok) return `the umbrella chart cannot be read: ${umbrella.problems[0]?.message}`;
  const packed: PackedDependency[] = [];
  const absent: string[] = [];
  for (const dependency of umbrella.value.dependencies) {
    const chart = charts.find((one) => one.chart === dependency.name);
    const archive = chart?.[which];
    if (!chart || !archive) absent.push(valuesKey(dependency));
    else if (archive.kind === "missing") return notAtHand(chart, which, archive.because);
    else packed.push({ dependency, version: versionOf(chart, which), packed: archive.bytes });
  }
  return { folder: umbrellaToRender(packed, { texts, umbrella: umbrella.value, environment }), absent };
}

function versionOf({ from, to }: ChartToJudge, which: Which): string {
  return which === "before" ? from : to;
}

function notAtHand(chart: ChartToJudge, which: Which, because: string): string {
  return `the archive of ${chart.chart} ${versionOf(chart, which)} could not be read: ${because.replace(/\.$/, "")}`;
}

/** The values files for these keys, in the order in which Helm gets them. Paths are relative to the repository. */
export function valuesTexts(
  environment: Pick<Environment, "path" | "valuesFiles">,
  keys: readonly string[],
  texts: Files,
): readonly TextFile[] {
  return valuesFilesOf(environment, keys).flatMap((path) => {
    const text = texts.get(path);
    const full = inRepository(environment.path, path);
    return text === undefined ? [] : [{ path: full, text }];
  });
}
