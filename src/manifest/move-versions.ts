// Gives dependencies another version text: the smallest change of Chart.yaml or requirements.yaml after which Helm reads
// exactly the wanted versions and everything else as before, proved by reading the result again.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Files } from "../model/umbrella.ts";
import { type Entry, placeOf } from "./entry.ts";
import { type Difference, differences, type Field, fieldsOf, plainOf } from "./go-map.ts";
import { goText } from "./go-scalar.ts";
import { type HelmChart, readChart } from "./helm-chart.ts";
import { isMetadataField } from "./helm-metadata.ts";
import { applySplices } from "./splice.ts";
import { type Candidate, nameOf, ownCandidate, versionCandidates } from "./version-candidates.ts";
import { lineAt } from "./yaml-tree.ts";

export interface VersionText {
  /** Position in the list of dependencies. */
  readonly index: number;
  /** What Helm shall read there: a version or a range. */
  readonly text: string;
}

export interface MovedVersions {
  readonly files: Files;
  readonly notes: readonly string[];
}

/** All targets end up at their texts, or the first that cannot be moved alone is refused with its file and line. */
export function moveVersions(files: Files, targets: readonly VersionText[]): Result<MovedVersions> {
  const before = readChart(files);
  if (!before.ok) return before;
  const notes: string[] = [];
  let current: { files: Files; chart: HelmChart } = { files, chart: before.value };
  for (const target of targets) {
    const entry = current.chart.entries[target.index];
    if (entry === undefined) return fail(noSuchEntry(target.index));
    if (isText(entry.dependency.version, target.text)) continue;
    const doubled = doubledKey(entry);
    if (doubled !== undefined) return fail(ambiguous(entry, doubled));
    const proven = firstProven(current, target, { before: before.value, targets });
    if (proven === undefined) return fail(inseparable(entry, target.text));
    notes.push(...proven.notes);
    current = proven;
  }
  const missed = targets.find((target) => !isAt(current, target));
  const entry = missed === undefined ? undefined : before.value.entries[missed.index];
  if (missed !== undefined && entry !== undefined) return fail(inseparable(entry, missed.text));
  return ok({ files: current.files, notes });
}

interface Draft {
  readonly files: Files;
  readonly chart: HelmChart;
}

interface Wanted {
  readonly before: HelmChart;
  readonly targets: readonly VersionText[];
}

interface Proven extends Draft {
  readonly notes: readonly string[];
}

/** The first way that is exact by itself; else the first that is after giving others back what they lost by it. */
function firstProven(draft: Draft, target: VersionText, wanted: Wanted): Proven | undefined {
  const entry = draft.chart.entries[target.index];
  if (entry === undefined) return undefined;
  const tried: Proven[] = [];
  for (const candidate of versionCandidates(entry, target.text)) {
    const next = drafted(draft, candidate);
    if (next === undefined || !isText(next.chart.entries[target.index]?.dependency.version, target.text))
      continue;
    const way = { ...next, notes: candidate.notes };
    if (isExact(way.chart, wanted)) return way;
    tried.push(way);
  }
  for (const way of tried) {
    const restored = withOthersRestored(way, wanted);
    if (restored !== undefined && isAt(restored, target) && isExact(restored.chart, wanted)) return restored;
  }
  return undefined;
}

function isAt({ chart }: Draft, { index, text }: VersionText): boolean {
  return isText(chart.entries[index]?.dependency.version, text);
}

function drafted(draft: Draft, { layer, splices }: Candidate): Draft | undefined {
  const files = new Map(draft.files).set(layer.file, applySplices(layer.tree.text, splices));
  const chart = readChart(files);
  return chart.ok ? { files, chart: chart.value } : undefined;
}

/** Every entry that moved along gets its old version written out. */
function withOthersRestored(way: Proven, { before, targets }: Wanted): Proven | undefined {
  let current: Draft = way;
  const names: string[] = [];
  for (const [index, { dependency }] of before.entries.entries()) {
    const entry = current.chart.entries[index];
    if (entry === undefined) return undefined;
    const { version } = entry.dependency;
    if (version === dependency.version) continue;
    if (targets.some((target) => target.index === index && isText(version, target.text))) continue;
    const own = ownCandidate(entry, dependency.version);
    const next = own === undefined ? undefined : drafted(current, own);
    if (next === undefined) return undefined;
    current = next;
    names.push(nameOf(entry));
  }
  const note = `${names.join(" and ")} took the version from there and now ${names.length === 1 ? "has it" : "have it each"} written out, unchanged.`;
  return { ...current, notes: [...way.notes, note] };
}

/** Whether the two readings differ in nothing but versions that are wanted, or in keys that Helm does not read. */
function isExact(after: HelmChart, { before, targets }: Wanted): boolean {
  const isWanted = ({ path, before: old, after: value }: Difference) =>
    path.length === 3 &&
    String(path[0]).toLowerCase() === "dependencies" &&
    String(path[2]).toLowerCase() === "version" &&
    (isSameText(old, value) || targets.some(({ index, text }) => index === path[1] && isText(value, text)));
  for (const [file, tree] of after.trees) {
    const old = before.trees.get(file)?.root;
    const changes = differences(old && plainOf(old), tree.root && plainOf(tree.root));
    if (!changes.every((change) => isWanted(change) || !isMetadataField(String(change.path[0]))))
      return false;
  }
  return (
    before.entries.length === after.entries.length &&
    before.entries.every(({ dependency }, index) => {
      const { version, ...others } = after.entries[index]?.dependency ?? dependency;
      const { version: old, ...same } = dependency;
      const moved = targets.some((target) => target.index === index && isText(version, target.text));
      return (
        (moved || version === old) && JSON.stringify(others, plainJson) === JSON.stringify(same, plainJson)
      );
    })
  );
}

/** A number counts as the text that Go makes of it; a block scalar carries its line break, to Helm a blank. */
function isText(value: Difference["after"], text: string): boolean {
  return typeof value !== "object" && value !== undefined && goText(value).trimEnd() === text;
}

/** A number written out as the text that Go makes of it is no change to Helm. */
function isSameText(before: Difference["before"], after: Difference["after"]): boolean {
  return typeof before !== "object" && before !== undefined && isText(after, goText(before));
}

function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return value instanceof Map ? [...value] : value;
}

/** A key of the entry that is written twice: readers disagree on which one counts. */
function doubledKey({ layers }: Entry): Field | undefined {
  const vital = ["name", "alias", "version", "repository"];
  return layers
    .flatMap(({ mapping }) => [...fieldsOf(mapping).values()])
    .find(({ key, twice }) => twice && vital.includes(key.toLowerCase()));
}

function ambiguous(entry: Entry, { key, value }: Field): Problem {
  const { file } = placeOf(entry);
  const line = lineAt((entry.layers.at(-1) ?? entry.layers[0]).tree.text, value.start);
  return {
    code: "edit-not-exact",
    message: `${file}: ${nameOf(entry)} has the key "${key}" twice (again in line ${line}), and readers of YAML disagree on which one counts.`,
    help: `Remove one of the two "${key}" keys.`,
    place: { file, line },
  };
}

function inseparable(entry: Entry, text: string): Problem {
  const place = placeOf(entry);
  return {
    code: "edit-not-exact",
    message: `${place.file}: the version of ${nameOf(entry)} in line ${place.line} cannot become "${text}" without changing something else.`,
    help: "Give the entry a plain version of its own, without an anchor, a merge key or a tag.",
    place,
  };
}

function noSuchEntry(index: number): Problem {
  return {
    code: "manifest-invalid",
    message: `There is no dependency at position ${index}.`,
    help: "Read the umbrella chart again: its list of dependencies has changed.",
  };
}
