// Gives dependencies another version text: the smallest change of Chart.yaml or requirements.yaml after which Helm reads
// exactly the wanted versions and everything else as before, proved by reading the result again.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Files } from "../model/umbrella.ts";
import { type Difference, differences, type Field, fieldsOf, plainOf } from "./go-map.ts";
import { goText } from "./go-scalar.ts";
import {
  type Entry,
  type HelmChart,
  type Layer,
  placeOf,
  readChart,
  type SourcedField,
} from "./helm-chart.ts";
import { isMetadataField } from "./helm-metadata.ts";
import { plainOrQuoted } from "./scalar-text.ts";
import { applySplices, insertPair, isFlowAt, type Splice, scalarSplice } from "./splice.ts";
import { dereference, lineAt, type Scalar } from "./yaml-tree.ts";

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
  return ok({ files: current.files, notes });
}

interface Draft {
  readonly files: Files;
  readonly chart: HelmChart;
}

interface Candidate {
  readonly layer: Layer;
  readonly splices: readonly Splice[];
  readonly notes: readonly string[];
}

interface Wanted {
  readonly before: HelmChart;
  readonly targets: readonly VersionText[];
}

function firstProven(
  draft: Draft,
  target: VersionText,
  wanted: Wanted,
): (Draft & { notes: readonly string[] }) | undefined {
  const entry = draft.chart.entries[target.index];
  if (entry === undefined) return undefined;
  for (const { layer, splices, notes } of candidates(draft.chart, entry, target.text)) {
    const files = new Map(draft.files).set(layer.file, applySplices(layer.tree.text, splices));
    const chart = readChart(files);
    if (!chart.ok || !isText(chart.value.entries[target.index]?.dependency.version, target.text)) continue;
    if (isExact(chart.value, wanted)) return { files, chart: chart.value, notes };
  }
  return undefined;
}

/** Whether the two readings differ in nothing but versions that are wanted, or in keys that Helm does not read. */
function isExact(after: HelmChart, { before, targets }: Wanted): boolean {
  const isWanted = ({ path, after: value }: Difference) =>
    path.length === 3 &&
    String(path[0]).toLowerCase() === "dependencies" &&
    String(path[2]).toLowerCase() === "version" &&
    targets.some(({ index, text }) => index === path[1] && isText(value, text));
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

function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return value instanceof Map ? [...value] : value;
}

/** Ways to write the version, the plainest first. */
function* candidates(chart: HelmChart, entry: Entry, text: string): Generator<Candidate> {
  const { version } = entry;
  if (version === undefined) {
    yield { ...ownVersion(entry, text), notes: [] };
    return;
  }
  const scalar = dereference(version.value);
  if (scalar.kind !== "scalar") return;
  yield { layer: version.layer, splices: [scalarSplice(version.layer.tree, scalar, text)], notes: [] };
  if (version.value.kind === "alias") {
    const note = `${nameOf(entry)} no longer takes its version from the anchor &${version.value.name}: others follow it.`;
    yield { layer: version.layer, splices: [inPlaceOf(version, text)], notes: [note] };
  }
  if (isInherited(entry)) {
    const note = `${nameOf(entry)} now has a version of its own: the one merged into it by << belongs to others too.`;
    yield { ...ownVersion(entry, text), notes: [note] };
  }
  const others = chart.entries.filter((other) => other !== entry && isSharing(other, scalar));
  yield parted({ entry, version, scalar, others }, text);
}

function inPlaceOf({ layer, value: { start, end } }: SourcedField, text: string): Splice {
  return { start, end, text: plainOrQuoted(text, { flow: isFlowAt(layer.tree, start) }) };
}

function isSharing({ version }: Entry, scalar: Scalar): boolean {
  return version !== undefined && dereference(version.value) === scalar;
}

/** Whether the version comes from another mapping by a merge key. */
function isInherited({ version }: Entry): boolean {
  return version !== undefined && version.owner !== version.layer.mapping;
}

/** A version pair of the entry's own, behind everything that is merged into it. */
function ownVersion(entry: Entry, text: string): Pick<Candidate, "layer" | "splices"> {
  const layer = entry.layers.at(-1) ?? entry.layers[0];
  const { tree, mapping } = layer;
  const isQuoting = tree.text[mapping.pairs[0]?.key.start ?? 0] === '"';
  const splice = insertPair(tree.text, mapping, (place) =>
    isQuoting
      ? `"version": ${JSON.stringify(text)}`
      : `version: ${plainOrQuoted(text, { flow: place.kind === "inline" })}`,
  );
  return { layer, splices: [splice] };
}

interface Shared {
  readonly entry: Entry;
  readonly version: SourcedField;
  readonly scalar: Scalar;
  /** The other dependencies that read the same scalar. */
  readonly others: readonly Entry[];
}

/**
 * The scalar moves and nobody else: its anchor is handed on, with the old text, to the first alias of it, and whoever
 * got it by a merge key gets the old version written out.
 */
function parted({ entry, version, scalar, others }: Shared, text: string): Candidate {
  const { layer } = version;
  const alias = layer.tree.aliases.find(({ target }) => target === scalar);
  const heirs = others
    .filter(isInherited)
    .flatMap((other) => ownVersion(other, other.dependency.version).splices);
  const anchor = alias === undefined ? [] : handOn(layer.tree.text, scalar, alias);
  const note = `The version that ${nameOf(entry)} shared with others is written out for each now: only this one moves.`;
  return { layer, splices: [...anchor, scalarSplice(layer.tree, scalar, text), ...heirs], notes: [note] };
}

function handOn(
  text: string,
  scalar: Scalar,
  alias: { start: number; end: number; name: string },
): readonly Splice[] {
  const anchor = `&${alias.name}`;
  const start = text.lastIndexOf(anchor, scalar.start);
  return [
    { start, end: scalar.start, text: "" },
    { start: alias.start, end: alias.end, text: `${anchor} ${text.slice(scalar.start, scalar.end)}` },
  ];
}

/** A key of the entry that is written twice: readers disagree on which one counts. */
function doubledKey({ layers }: Entry): Field | undefined {
  const vital = ["name", "alias", "version", "repository"];
  return layers
    .flatMap(({ mapping }) => [...fieldsOf(mapping).values()])
    .find(({ key, twice }) => twice && vital.includes(key.toLowerCase()));
}

function nameOf({ dependency: { name, alias } }: Entry): string {
  return alias === undefined ? name : `${name} (alias ${alias})`;
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
