// Changes version texts of dependencies: the smallest edit of Chart.yaml or requirements.yaml after which Helm reads
// exactly the wanted versions and everything else as before. Proved by parsing the result.

import { goText } from "../../go-yaml/decode/go-float.ts";
import { fail, ok, type Problem, type Result } from "../../model/problem.ts";
import { entryInWords, type Files } from "../../model/umbrella.ts";
import { type Entry, placeOf } from "../chart/entry.ts";
import { type HelmChart, readChart } from "../chart/helm-chart.ts";
import { isMetadataField } from "../chart/helm-metadata.ts";
import { type Difference, differences, type Field, fieldsOf, plainOf } from "../yaml/go-map.ts";
import { applySplices, type Splice } from "../yaml/splice.ts";
import { lineAt } from "../yaml/yaml-tree.ts";
import { ownCandidate, type VersionCandidate, versionCandidates } from "./version-candidates.ts";

export interface VersionText {
  /** Index in the list of dependencies. */
  readonly index: number;
  /** The text that Helm should read there: a version or a range. */
  readonly text: string;
}

/** A folder's texts, and the chart read from them. */
export interface UmbrellaDraft {
  readonly files: Files;
  readonly chart: HelmChart;
}

export function readUmbrellaDraft(files: Files): Result<UmbrellaDraft> {
  const chart = readChart(files);
  return chart.ok ? ok({ files, chart: chart.value }) : chart;
}

export interface MovedVersions extends UmbrellaDraft {
  readonly notes: readonly string[];
}

/** Changes all targets, or is refused with the file and line of the first one that cannot be changed by itself. */
export function moveVersions(start: UmbrellaDraft, targets: readonly VersionText[]): Result<MovedVersions> {
  const problem = targets.map((target) => problemOf(start, target)).find((one) => one !== undefined);
  if (problem !== undefined) return fail(problem);
  const wanted = { before: start.chart, targets: new Map(targets.map(({ index, text }) => [index, text])) };
  const together = movedTogether(start, targets);
  return together !== undefined && isExact(together.chart, wanted) && targets.every(isAt(together))
    ? ok({ ...together, notes: [] })
    : movedInTurn(start, targets, wanted);
}

function problemOf(start: UmbrellaDraft, target: VersionText): Problem | undefined {
  const entry = start.chart.entries[target.index];
  if (entry === undefined) return noSuchEntry(target.index);
  const doubled = isAt(start)(target) ? undefined : doubledKey(entry);
  return doubled === undefined ? undefined : ambiguous(entry, doubled);
}

/** The simplest edit of every entry at once: whatever their number, the folder is parsed only once more as a proof. */
function movedTogether(start: UmbrellaDraft, targets: readonly VersionText[]): UmbrellaDraft | undefined {
  const edits = targets
    .filter((target) => !isAt(start)(target))
    .flatMap(({ index, text }) => {
      const entry = start.chart.entries[index];
      const [plainest] = entry === undefined ? [] : versionCandidates(entry, text);
      return plainest ?? [];
    });
  const files = new Map(start.files);
  for (const [file, [first, ...others] = []] of Map.groupBy(edits, ({ layer }) => layer.file)) {
    if (first === undefined) continue;
    const splices = [first, ...others].flatMap((edit) => edit.splices);
    if (overlap(splices)) return undefined;
    files.set(file, applySplices(first.layer.tree.text, splices));
  }
  const draft = readUmbrellaDraft(files);
  return draft.ok ? draft.value : undefined;
}

/** Entries that share one text, such as through an anchor, want to change the same place. */
function overlap(splices: readonly Splice[]): boolean {
  const sorted = splices.toSorted((a, b) => a.start - b.start);
  return sorted.some(
    ({ start }, at) => start < (sorted[at - 1]?.end ?? 0) || start === sorted[at - 1]?.start,
  );
}

function movedInTurn(
  start: UmbrellaDraft,
  targets: readonly VersionText[],
  wanted: Wanted,
): Result<MovedVersions> {
  const notes: string[] = [];
  let current = start;
  for (const target of targets) {
    if (isAt(current)(target)) continue;
    const entry = current.chart.entries[target.index];
    const proven = firstProven(current, target, wanted);
    if (entry !== undefined && proven === undefined) return fail(inseparable(entry, target.text));
    notes.push(...(proven?.notes ?? []));
    current = proven ?? current;
  }
  const missed = targets.find((target) => !isAt(current)(target));
  const entry = missed && start.chart.entries[missed.index];
  return missed && entry ? fail(inseparable(entry, missed.text)) : ok({ ...current, notes });
}

interface Wanted {
  readonly before: HelmChart;
  /** Wanted texts by index. */
  readonly targets: ReadonlyMap<number, string>;
}

interface Proven extends UmbrellaDraft {
  readonly notes: readonly string[];
}

/**
 * The first edit that is exact by itself; else the first that is exact after restoring the other entries that it
 * changed.
 */
function firstProven(draft: UmbrellaDraft, target: VersionText, wanted: Wanted): Proven | undefined {
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
    if (restored !== undefined && isAt(restored)(target) && isExact(restored.chart, wanted)) return restored;
  }
  return undefined;
}

function isAt({ chart }: UmbrellaDraft): (target: VersionText) => boolean {
  return ({ index, text }) => isText(chart.entries[index]?.dependency.version, text);
}

function drafted(draft: UmbrellaDraft, { layer, splices }: VersionCandidate): UmbrellaDraft | undefined {
  const files = new Map(draft.files).set(layer.file, applySplices(layer.tree.text, splices));
  const next = readUmbrellaDraft(files);
  return next.ok ? next.value : undefined;
}

/** Writes out the old version of every entry that changed along. */
function withOthersRestored(way: Proven, { before, targets }: Wanted): Proven | undefined {
  let current: UmbrellaDraft = way;
  const names: string[] = [];
  for (const [index, { dependency }] of before.entries.entries()) {
    const entry = current.chart.entries[index];
    if (entry === undefined) return undefined;
    const { version } = entry.dependency;
    if (version === dependency.version) continue;
    if (isWantedText(targets.get(index), version)) continue;
    const own = ownCandidate(entry, dependency.version);
    const next = own === undefined ? undefined : drafted(current, own);
    if (next === undefined) return undefined;
    current = next;
    names.push(entryInWords(entry.dependency));
  }
  const note = `${names.join(" and ")} took the version from there and now ${names.length === 1 ? "has it" : "have it each"} written out, unchanged.`;
  return { ...current, notes: [...way.notes, note] };
}

/** Whether both readings differ only in the wanted versions, or in keys that Helm does not read. */
function isExact(after: HelmChart, { before, targets }: Wanted): boolean {
  const isWanted = ({ path, before: old, after: value }: Difference) =>
    path.length === 3 &&
    String(path[0]).toLowerCase() === "dependencies" &&
    String(path[2]).toLowerCase() === "version" &&
    (isSameText(old, value) || isWantedText(targets.get(Number(path[1])), value));
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
      const moved = isWantedText(targets.get(index), version);
      return (
        (moved || version === old) && JSON.stringify(others, plainJson) === JSON.stringify(same, plainJson)
      );
    })
  );
}

function isWantedText(text: string | undefined, value: Difference["after"]): boolean {
  return text !== undefined && isText(value, text);
}

/** A number equals the text that Go makes of it; a block scalar's final line break reads as a blank in Helm. */
function isText(value: Difference["after"], text: string): boolean {
  return typeof value !== "object" && value !== undefined && goText(value).trimEnd() === text;
}

/** A number replaced by the text that Go makes of it is no change to Helm. */
function isSameText(before: Difference["before"], after: Difference["after"]): boolean {
  return typeof before !== "object" && before !== undefined && isText(after, goText(before));
}

function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return value instanceof Map ? [...value] : value;
}

/** A duplicate key in the entry: parsers disagree on which one is effective. */
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
    message: `${file}: ${entryInWords(entry.dependency)} has the key "${key}" twice (again in line ${line}), and readers of YAML disagree on which one counts.`,
    help: `Remove one of the two "${key}" keys.`,
    place: { file, line },
  };
}

function inseparable(entry: Entry, text: string): Problem {
  const place = placeOf(entry);
  return {
    code: "edit-not-exact",
    message: `${place.file}: the version of ${entryInWords(entry.dependency)} in line ${place.line} cannot become "${text}" without changing something else.`,
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
