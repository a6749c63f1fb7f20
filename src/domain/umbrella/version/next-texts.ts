// Which entries get a new version text, and which stay because their range admits the new version.

import { ok, type Result } from "../../model/problem.ts";
import { type Bump, type Dependency, entryInWords } from "../../model/umbrella.ts";
import { type Entry, placeOf } from "../chart/entry.ts";
import type { HelmChart } from "../chart/helm-chart.ts";
import { dereference } from "../yaml/yaml-tree.ts";
import type { VersionText } from "./move-versions.ts";
import { isOddNumber, nextVersionText } from "./version-text.ts";

export interface NextTexts {
  readonly targets: readonly VersionText[];
  readonly notes: (hasLock: boolean) => readonly string[];
}

export function nextTexts({ entries }: HelmChart, { moves }: Bump): Result<NextTexts> {
  const targets: VersionText[] = [];
  const numbers: string[] = [];
  const admitted: { dependency: Dependency; version: string }[] = [];
  for (const { index, version } of moves) {
    const entry = entries[index];
    if (entry === undefined) continue;
    const { dependency } = entry;
    const next = nextVersionText(dependency, version, writtenVersion(entry));
    if (!next.ok)
      return { ok: false, problems: next.problems.map((problem) => ({ place: placeOf(entry), ...problem })) };
    if (next.value.kind === "admits") admitted.push({ dependency, version });
    else {
      targets.push({ index, text: next.value.text });
      numbers.push(...oddNumberNote(entry));
    }
  }
  const notes = (hasLock: boolean) => [
    ...numbers,
    ...admitted.map(({ dependency, version }) =>
      admittedNote(dependency, version, hasLock ? "lock" : "no lock"),
    ),
  ];
  return ok({ targets, notes });
}

/** The text in the manifest, which Helm may read differently (such as a number). */
function writtenVersion({ version, dependency }: Entry): string {
  const scalar = version && dereference(version.value);
  return scalar?.kind === "scalar" ? scalar.text : dependency.version;
}

function oddNumberNote(entry: Entry): readonly string[] {
  const { name, version } = entry.dependency;
  const written = writtenVersion(entry);
  return isOddNumber(written, version.trimEnd())
    ? [`The version of ${name} stood there as ${written.trim()}, which is the number ${version} to Helm.`]
    : [];
}

function admittedNote(entry: Dependency, version: string, lock: "lock" | "no lock"): string {
  const admitted = `${entry.version} of ${entryInWords(entry)} admits ${version}`;
  return lock === "lock"
    ? `${admitted}: only the lock moves.`
    : `${admitted}, and there is no lock that holds it back.`;
}
