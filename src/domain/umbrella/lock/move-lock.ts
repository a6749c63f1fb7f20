// Updates a lock file for changed dependencies without running Helm: changes only the lines that differ, and computes
// the digest with the lock's own formula, if Helm still accepts it.

import { fail, ok, type Problem, type Result } from "../../model/problem.ts";
import { shownAddress } from "../../model/secret/shown-address.ts";
import type { Bump, Dependency, DigestForm, LockedDependency } from "../../model/umbrella.ts";
import type { HelmChart } from "../chart/helm-chart.ts";
import { dereference, lineAt } from "../yaml/yaml-tree.ts";
import { lockDigest } from "./lock-digest.ts";
import {
  type DigestMatch,
  type LockFile,
  lockField,
  matchDigest,
  repositoryReference,
  withRepositories,
} from "./lock-file.ts";
import { repairedEntries } from "./repair-lock.ts";
import { rewriteLock } from "./rewrite-lock.ts";

export interface LockMove {
  readonly lock: LockFile;
  /** The folder before and after the manifest's change. */
  readonly before: HelmChart;
  readonly after: HelmChart;
  readonly bump: Pick<Bump, "moves" | "repositories" | "staleLock" | "at">;
}

export interface MovedLock {
  readonly text: string;
  readonly notes: readonly string[];
}

/** The new text of the lock; the old one when nothing changes. */
export function moveLock(move: LockMove): Result<MovedLock> {
  const content = nextContent(move);
  if (!content.ok) return content;
  const { locked, form, repositories, notes } = content.value;
  const required = withRepositories(dependenciesOf(move.after), form === "helm3" ? repositories : []);
  const digest = lockDigest(form, { required, locked });
  const text = rewriteLock(move.lock, { dependencies: locked, digest, generated: move.bump.at });
  return text === undefined ? fail(notExact(move.lock)) : ok({ text, notes });
}

interface NextContent {
  readonly locked: readonly LockedDependency[];
  readonly form: DigestForm;
  /** For each requirement, the URL that its reference is resolved to. */
  readonly repositories: readonly string[];
  readonly notes: readonly string[];
}

function nextContent(move: LockMove): Result<NextContent> {
  const { lock, before, bump } = move;
  const match = matchDigest(lock, {
    apiVersion: before.apiVersion,
    dependencies: dependenciesOf(before),
    repositories: bump.repositories,
  });
  if (match !== undefined) return contentInStep(move, match);
  if (bump.staleLock !== "repair") return fail(outOfStep(move));
  const repaired = repairedEntries({
    lock,
    dependencies: dependenciesOf(move.after),
    moves: bump.moves,
    repositories: bump.repositories,
  });
  if (!repaired.ok) return repaired;
  const { locked, notes } = repaired.value;
  const form = before.apiVersion === "v1" && isByHelm2(lock) ? "helm2" : "helm3";
  return ok({ locked, form, repositories: locked.map(({ repository }) => repository), notes });
}

function contentInStep({ lock, after, bump }: LockMove, match: DigestMatch): Result<NextContent> {
  const dependencies = dependenciesOf(after);
  const locked = lock.items.map((item) => item.locked);
  for (const { index, version } of bump.moves) {
    const name = dependencies[index]?.name ?? "";
    const at = positionOf(locked, index, name);
    const old = at === undefined ? undefined : locked[at];
    if (at === undefined || old === undefined) return fail(notLocked(lock, name));
    locked[at] = { ...old, version };
  }
  const form = match.form === "helm2" ? "helm2" : "helm3";
  const repositories = dependencies.map(({ repository }, index) => {
    const written = match.repositories[index] ?? repository;
    const reference = repositoryReference(written);
    return reference === undefined
      ? written
      : (bump.repositories.get(reference) ?? locked[index]?.repository ?? written);
  });
  return ok({
    locked,
    form,
    repositories,
    notes: [...guessNotes(lock, match), ...formNotes(lock, match.form)],
  });
}

/** Helm writes the lock in the order of the requirements; with a Helm 2 digest the order is free. */
function positionOf(locked: readonly LockedDependency[], index: number, name: string): number | undefined {
  if (locked[index]?.name === name) return index;
  const found = locked.flatMap((entry, at) => (entry.name === name ? [at] : []));
  return found.length === 1 ? found[0] : undefined;
}

function guessNotes({ file }: LockFile, match: DigestMatch): readonly string[] {
  return match.guessed
    ? [`The URLs of @ and alias: repositories are taken from ${file}: its old digest is right with them.`]
    : [];
}

function formNotes({ file }: LockFile, form: DigestForm): readonly string[] {
  return form === "helm3" || form === "helm2"
    ? []
    : [
        `The digest of ${file} was of a form (${form}) that Helm no longer accepts; it is now that of Helm 3.`,
      ];
}

/** Helm 2 wrote the time without quotes. */
function isByHelm2({ root }: LockFile): boolean {
  const generated = lockField(root, "generated");
  const scalar = generated === undefined ? undefined : dereference(generated.value);
  return scalar?.kind === "scalar" && scalar.style === "plain";
}

function dependenciesOf({ entries }: HelmChart): readonly Dependency[] {
  return entries.map(({ dependency }) => dependency);
}

function outOfStep({ lock, before }: LockMove): Problem {
  const field = lockField(lock.root, "digest");
  return {
    code: "lock-out-of-step",
    message: `${lock.file} is out of step with ${before.manifest}: no Helm computes its digest from them${drift(lock, before)}.`,
    help: "Run `helm dependency update` and commit the lock, or have it repaired in the same change (`staleLock: repair` in the config, `bump --repair-lock`).",
    place: {
      file: lock.file,
      ...(field !== undefined && { line: lineAt(lock.tree.text, field.value.start) }),
    },
  };
}

/** The first visible difference between a lock and its manifest, as an explanation. */
function drift({ items }: LockFile, { entries, manifest }: HelmChart): string {
  if (items.length !== entries.length) {
    return ` (it locks ${items.length} dependencies, ${manifest} lists ${entries.length})`;
  }
  for (const [index, { locked }] of items.entries()) {
    const { name, repository } = entries[index]?.dependency ?? locked;
    if (locked.name !== name)
      return ` (entry ${index + 1} is ${locked.name} in the lock and ${name} in ${manifest})`;
    if (repositoryReference(repository) === undefined && locked.repository !== repository) {
      return ` (the repository of ${name} is ${shownAddress(locked.repository)} in the lock and ${shownAddress(repository)} in ${manifest})`;
    }
  }
  return "";
}

function notLocked({ file }: LockFile, name: string): Problem {
  return {
    code: "lock-out-of-step",
    message: `${file} has no entry of its own for ${name}.`,
    help: "Run `helm dependency update` and commit the lock.",
    place: { file },
  };
}

function notExact({ file }: LockFile): Problem {
  return {
    code: "edit-not-exact",
    message: `${file} is written in a way in which its entries cannot be changed one by one.`,
    help: "Write it anew with `helm dependency update`.",
    place: { file },
  };
}
