// Generated charts with a recorded reading by Helm: each must be read the same, and bumped exactly or refused.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Umbrella } from "../../domain/model/umbrella.ts";
import { bump } from "../../domain/umbrella/bump.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { parseConstraint, satisfies } from "../../domain/versions/constraint.ts";
import { parseVersion } from "../../domain/versions/version.ts";
import { type CorpusChart, corpusCharts } from "./charts.ts";
import { bumpTo, reason } from "./real-files.ts";
import { Tally } from "./tally.ts";

interface Expected {
  readonly dir: string;
  readonly helm: "ok" | "HELM-REJECTS" | "OUT-OF-SYNC";
  readonly versions: readonly string[] | null;
  /** Alias or name. */
  readonly names: readonly string[] | null;
}

const NEXT = "7.8.9";

export async function judgeSyntheticCases(folder: string): Promise<Tally> {
  const tally = new Tally();
  const expectations: readonly Expected[] = JSON.parse(await readFile(join(folder, "expected.json"), "utf8"));
  for (const chart of await corpusCharts(folder)) {
    const expected = expectations.find(({ dir }) => dir === chart.path);
    if (expected !== undefined) judge(chart, expected, tally);
  }
  return tally;
}

function judge({ path, files }: CorpusChart, { helm, versions, names }: Expected, tally: Tally): void {
  const umbrella = readUmbrella(files, new Map());
  if (helm === "HELM-REJECTS") {
    if (umbrella.ok) tally.wrong(path, ["read, though Helm rejects it"]);
    else tally.count("refused, as Helm rejects it");
    return;
  }
  if (!umbrella.ok) {
    tally.wrong(path, ["refused, though Helm reads it"]);
    return;
  }
  const read = umbrella.value.dependencies;
  if (
    JSON.stringify([read.map(({ version }) => version), read.map(called)]) !==
    JSON.stringify([versions, names])
  ) {
    tally.wrong(path, ["read otherwise than by Helm"]);
    return;
  }
  if (read.length === 0) tally.count("nothing to bump");
  for (const index of read.keys())
    judgeBump({ path, files }, { index, umbrella: umbrella.value, helm }, tally);
}

function judgeBump(
  { path, files }: CorpusChart,
  { index, umbrella, helm }: { index: number; umbrella: Umbrella; helm: Expected["helm"] },
  tally: Tally,
): void {
  const bumped = bump(files, bumpTo(index, NEXT));
  if (!bumped.ok) {
    tally.count(`refused: ${reason(bumped.problems)}`);
    return;
  }
  if (helm === "OUT-OF-SYNC") {
    tally.wrong(path, ["bumped, though its lock is out of step"]);
    return;
  }
  const after = new Map([
    ...files,
    ...bumped.value.edits.map(({ path, after }) => [path, after ?? ""] as const),
  ]);
  const reread = readUmbrella(after, new Map());
  const isRight =
    reread.ok &&
    reread.value.lock?.form !== undefined &&
    admits(reread.value.dependencies[index]?.version ?? "") &&
    sameData(withoutVersion(reread.value.dependencies, index), withoutVersion(umbrella.dependencies, index));
  if (isRight) tally.count("exact");
  else tally.wrong(`${path}[${index}]`, [`became ${JSON.stringify(reread.ok && reread.value)}`]);
}

function admits(range: string): boolean {
  const [constraint, version] = [parseConstraint(range), parseVersion(NEXT)];
  return constraint.ok && version !== undefined && satisfies(version, constraint.value);
}

function withoutVersion(dependencies: Umbrella["dependencies"], index: number): Umbrella["dependencies"] {
  return dependencies.map((entry, at) => (at === index ? { ...entry, version: "" } : entry));
}

function called({ alias, name }: Umbrella["dependencies"][number]): string {
  return alias ?? name;
}

function sameData(a: unknown, b: unknown): boolean {
  const print = (value: unknown) =>
    JSON.stringify(value, (_key, item: unknown) =>
      typeof item === "bigint" ? `${item}n` : item instanceof Map ? [...item] : item,
    );
  return print(a) === print(b);
}
