// The whole change of an umbrella chart: manifest, own version, lock, values and vendored archives; or why it is
// impossible.

import { ok, type Result } from "../model/problem.ts";
import type { Bump, Bumped, Dependency, Edit, Files, LockedDependency } from "../model/umbrella.ts";
import type { Entry } from "./chart/entry.ts";
import type { HelmChart } from "./chart/helm-chart.ts";
import { type LockFile, matchDigest, readLocks, repositoryReference } from "./lock/lock-file.ts";
import { moveLock } from "./lock/move-lock.ts";
import { editValues } from "./values/edit-values.ts";
import { moveVersions, readUmbrellaDraft, type UmbrellaDraft } from "./version/move-versions.ts";
import { nextTexts } from "./version/next-texts.ts";
import { raiseUmbrellaVersion } from "./version/umbrella-version.ts";
import { swapArchives } from "./version/vendored-archives.ts";
import { fieldsOf } from "./yaml/go-map.ts";
import { lineEnd } from "./yaml/splice.ts";
import { dereference } from "./yaml/yaml-tree.ts";

/**
 * The edits of the folder, proved exact by parsing the result; none when nothing has to change. Fails with every
 * obstacle; then nothing may be written.
 */
export function bump(files: Files, change: Bump): Result<Bumped> {
  const start = readUmbrellaDraft(files);
  if (!start.ok) return start;
  const { chart: before } = start.value;
  const locks = readLocks(files);
  if (!locks.ok) return locks;
  const texts = nextTexts(before, change);
  if (!texts.ok) return texts;
  const moved = moveVersions(start.value, texts.value.targets);
  if (!moved.ok) return moved;
  const locked = moveLocks({ before, locks: locks.value, moved: moved.value, change });
  if (!locked.ok) return locked;
  const valued = editValues(locked.value.files, change);
  if (!valued.ok) return valued;
  const archives = swapArchives(vendoredMove({ before, lock: locks.value.at(-1), change }));
  if (!archives.ok) return archives;
  const isChange = archives.value.length > 0 || editsBetween(files, valued.value.files).length > 0;
  const raised =
    isChange && change.umbrellaVersion === "patch"
      ? raiseUmbrellaVersion(valued.value.files)
      : ok(valued.value.files);
  if (!raised.ok) return raised;
  const notes = [
    ...chartNotes(before, files),
    ...texts.value.targets.flatMap(({ index }) => commentNote(before.entries[index])),
    ...moved.value.notes,
    ...locked.value.notes,
    ...valued.value.notes,
    ...texts.value.notes(locks.value.length > 0),
  ];
  return ok({ edits: editsBetween(files, raised.value), archives: archives.value, notes });
}

interface LockStep {
  readonly before: HelmChart;
  readonly locks: readonly LockFile[];
  /** With the manifest already changed. */
  readonly moved: UmbrellaDraft;
  readonly change: Bump;
}

/** Updates the effective lock (the last one); another lock beside it is updated only if it was in sync. */
function moveLocks({
  before,
  locks,
  moved: { files, chart: after },
  change,
}: LockStep): Result<{ files: Files; notes: readonly string[] }> {
  if (change.moves.length === 0) return ok({ files, notes: [] });
  const notes: string[] = [];
  let current = files;
  for (const lock of locks) {
    if (lock !== locks.at(-1) && !isInStep(lock, before, change)) {
      notes.push(
        `${lock.file} was out of step before; Helm goes by ${locks.at(-1)?.file}, so it is left as it is.`,
      );
      continue;
    }
    const moved = moveLock({ lock, before, after, bump: change });
    if (!moved.ok) return moved;
    notes.push(...moved.value.notes);
    current = new Map(current).set(lock.file, moved.value.text);
  }
  return ok({ files: current, notes });
}

function isInStep(lock: LockFile, { apiVersion, entries }: HelmChart, { repositories }: Bump): boolean {
  const dependencies = entries.map(({ dependency }) => dependency);
  return matchDigest(lock, { apiVersion, dependencies, repositories }) !== undefined;
}

function vendoredMove(step: { before: HelmChart; lock: LockFile | undefined; change: Bump }) {
  const { before, lock, change } = step;
  const entries: readonly LockedDependency[] = lock?.items.map(({ locked }) => locked) ?? [];
  const dependencies = before.entries.map(({ dependency }) => dependency);
  return {
    vendored: change.vendored,
    moves: change.moves,
    dependencies,
    locked: dependencies.map(({ name }, index) =>
      entries[index]?.name === name ? entries[index]?.version : undefined,
    ),
    repositoryOf: (dependency: Dependency) => {
      const reference = repositoryReference(dependency.repository);
      if (reference === undefined) return dependency.repository;
      const locked = entries[dependencies.indexOf(dependency)]?.repository;
      return change.repositories.get(reference) ?? locked ?? dependency.repository;
    },
  };
}

/** Notes for the reviewer about the folder. */
function chartNotes({ manifest, trees, entries }: HelmChart, files: Files): readonly string[] {
  const root = trees.get(manifest)?.root;
  const mapping = root === undefined ? undefined : dereference(root);
  const twice = mapping?.kind === "mapping" && fieldsOf(mapping).get("dependencies")?.twice === true;
  const mixed = entries.some(({ layers }) => layers.length > 1);
  return [
    ...(twice ? [`${manifest} has the key "dependencies" more than once: Helm goes by the last.`] : []),
    ...(mixed
      ? ["Chart.yaml and requirements.yaml both list dependencies: Helm lays the second over the first."]
      : []),
    ...(files.has("Chart.lock") && files.has("requirements.lock")
      ? ["There are two locks: Helm goes by requirements.lock."]
      : []),
  ];
}

/** Helm's maximum length of a range. */
const LONGEST_RANGE = 512;

/** A comment that names the old version is kept, and the reviewer is told. */
function commentNote(entry: Entry | undefined): readonly string[] {
  if (entry?.version === undefined) return [];
  const { text } = entry.version.layer.tree;
  const { end } = entry.version.value;
  const comment = text.slice(end, lineEnd(text, end)).trim();
  const number = /\d{1,20}\.\d{1,20}(?:\.\d{1,20}){0,3}/.exec(
    entry.dependency.version.slice(0, LONGEST_RANGE),
  )?.[0];
  if (!comment.startsWith("#") || number === undefined || !comment.includes(number)) return [];
  return [
    `The comment behind the version of ${entry.dependency.name} still speaks of ${number}: "${comment}".`,
  ];
}

const ORDER = ["requirements.yaml", "Chart.yaml", "requirements.lock", "Chart.lock"];

function editsBetween(before: Files, after: Files): readonly Edit[] {
  const rank = (path: string) => (ORDER.includes(path) ? ORDER.indexOf(path) : ORDER.length);
  return [...after]
    .filter(([path, text]) => before.get(path) !== text)
    .map(([path, text]) => ({ path, before: before.get(path) ?? null, after: text }))
    .sort((a, b) => rank(a.path) - rank(b.path));
}
