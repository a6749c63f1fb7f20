// Bumps every dependency of every real chart to a version outside its range and to one inside.

import type { Problem } from "../../domain/model/problem.ts";
import type { Bump, Files } from "../../domain/model/umbrella.ts";
import { bump } from "../../domain/umbrella/bump.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { type CorpusChart, corpusCharts } from "./charts.ts";
import { nextVersions } from "./next-version.ts";
import { faultsOf } from "./second-opinion.ts";
import { Tally } from "./tally.ts";

export async function judgeRealFiles(folder: string): Promise<Tally> {
  const tally = new Tally();
  for (const chart of await corpusCharts(folder)) judgeChart(chart, tally);
  return tally;
}

function judgeChart({ path, files }: CorpusChart, tally: Tally): void {
  const umbrella = readUmbrella(files, new Map());
  if (!umbrella.ok) {
    tally.count(`file refused: ${reason(umbrella.problems)}`);
    return;
  }
  for (const [index, { name, version }] of umbrella.value.dependencies.entries()) {
    const { inside, outside } = nextVersions(version);
    if (inside === undefined && outside === undefined)
      judge(files, { path, index, name, version: "1.0.0" }, tally);
    for (const next of [outside, inside]) {
      if (next !== undefined) judge(files, { path, index, name, version: next }, tally);
    }
  }
}

interface Case {
  readonly path: string;
  readonly index: number;
  readonly name: string;
  readonly version: string;
}

function judge(files: Files, { path, index, name, version }: Case, tally: Tally): void {
  const bumped = bump(files, bumpTo(index, version));
  if (!bumped.ok) {
    tally.count(`refused: ${reason(bumped.problems)}`);
    return;
  }
  const { edits } = bumped.value;
  const faults = edits.length === 0 ? [] : faultsOf({ files, index, version, bumped: bumped.value });
  if (faults.length > 0) tally.wrong(`${path} ${name}`, faults);
  else if (edits.length === 0) tally.count("unchanged: the range admits it and there is no lock");
  else if (edits.every((edit) => edit.path.endsWith(".lock"))) tally.count("lock only");
  else tally.count("exact");
}

export function bumpTo(index: number, version: string, staleLock: Bump["staleLock"] = "refuse"): Bump {
  return {
    moves: [{ index, version }],
    repositories: new Map(),
    values: [],
    valuesFiles: [],
    vendored: [],
    umbrellaVersion: "keep",
    staleLock,
    at: new Date("2026-01-02T03:04:05.678Z"),
  };
}

/** The problem without names and numbers, so that equal problems can be counted. */
export function reason(problems: readonly Problem[]): string {
  const [problem] = problems;
  if (problem === undefined) return "no reason";
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/template/, "a template"],
    [/cannot be read as YAML/, "not YAML that Helm reads"],
    [/no Helm computes its digest/, "the lock is out of step"],
    [/own version/, "the chart's own version is none"],
    [/neither as a version nor as a range/, "the entry's version is none"],
    [/cannot be rewritten in its own style/, "a range that cannot be widened in its style"],
    [/twice/, "a key that stands twice"],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(problem.message))?.[1];
  return kind === undefined ? `${problem.code}: ${problem.message}` : `${problem.code}, ${kind}`;
}
