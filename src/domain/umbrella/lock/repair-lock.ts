// Repairs the entries of a lock that was out of sync, as far as that is possible without a chart repository.

import type { Problem, Result } from "../../model/problem.ts";
import { shownAddress } from "../../model/secret/shown-address.ts";
import type { Bump, Dependency, LockedDependency } from "../../model/umbrella.ts";
import { parseConstraint, satisfies } from "../../versions/constraint.ts";
import { parseVersion } from "../../versions/version.ts";
import { pinnedVersion } from "../version/version-text.ts";
import { type LockFile, repositoryReference } from "./lock-file.ts";

export interface StaleLock {
  readonly lock: LockFile;
  /** As in the manifest after the change. */
  readonly dependencies: readonly Dependency[];
  readonly moves: Bump["moves"];
  readonly repositories: ReadonlyMap<string, string>;
}

export interface RepairedEntries {
  readonly locked: readonly LockedDependency[];
  /** Every decision, for the reviewer. */
  readonly notes: readonly string[];
}

/**
 * One entry for each dependency, in order; a problem for each whose version or URL only a chart repository can tell.
 */
export function repairedEntries(stale: StaleLock): Result<RepairedEntries> {
  const { lock, dependencies } = stale;
  const problems: Problem[] = [];
  const notes: string[] = [
    `Lock repair: ${lock.file} was out of step with the dependencies before this change and is put right in it.`,
  ];
  const locked = dependencies.flatMap((dependency, index): LockedDependency[] => {
    const old = formerEntry(lock, dependency, index);
    const repository = repositoryOf(dependency, old, stale.repositories);
    const version = stale.moves.find((move) => move.index === index)?.version ?? versionOf(dependency, old);
    if (repository === undefined) problems.push(unknownReference(lock, dependency));
    if (version === undefined) problems.push(unknownVersion(lock, dependency));
    if (repository === undefined || version === undefined) return [];
    const entry = { name: dependency.name, version, repository };
    const isMoved = stale.moves.some((move) => move.index === index);
    if (!isMoved || old?.repository !== repository) notes.push(...changeNote(lock, old, entry));
    return [entry];
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { locked, notes } };
}

function formerEntry(
  { items }: LockFile,
  { name, repository }: Dependency,
  index: number,
): LockedDependency | undefined {
  const entries = items.map(({ locked }) => locked);
  const sameName = entries.filter((entry) => entry.name === name);
  if (entries[index]?.name === name) return entries[index];
  return sameName.find((entry) => entry.repository === repository) ?? sameName[0];
}

function repositoryOf(
  { repository }: Dependency,
  old: LockedDependency | undefined,
  repositories: ReadonlyMap<string, string>,
): string | undefined {
  const reference = repositoryReference(repository);
  return reference === undefined ? repository : (repositories.get(reference) ?? old?.repository);
}

/**
 * For a chart in charts/ the manifest's text, as Helm writes it. Otherwise the locked version if the manifest admits
 * it, else the version of a pin; `undefined` for any other range.
 */
function versionOf(dependency: Dependency, old: LockedDependency | undefined): string | undefined {
  if (dependency.repository === "") return dependency.version;
  const constraint = parseConstraint(dependency.version);
  const former = old === undefined ? undefined : parseVersion(old.version);
  if (constraint.ok && old !== undefined && former !== undefined && satisfies(former, constraint.value)) {
    return old.version;
  }
  return pinnedVersion(dependency);
}

function changeNote(
  { file }: LockFile,
  old: LockedDependency | undefined,
  { name, version, repository }: LockedDependency,
): readonly string[] {
  if (old === undefined)
    return [`${file} now locks ${name} at ${version} from ${shownAddress(repository) || "charts/"}.`];
  return [
    ...(old.version === version
      ? []
      : [`${file} now locks ${name} at ${version} instead of ${old.version}.`]),
    ...(old.repository === repository
      ? []
      : [
          `${file} now names ${shownAddress(repository) || "no repository"} for ${name} instead of ${shownAddress(old.repository) || "none"}.`,
        ]),
  ];
}

function unknownVersion({ file }: LockFile, { name, version }: Dependency): Problem {
  return {
    code: "lock-out-of-step",
    message: `${file} is out of step, and which version of ${name} satisfies "${version}" is not known without its repository.`,
    help: "Run `helm dependency update` and commit the lock.",
    place: { file },
  };
}

function unknownReference({ file }: LockFile, { name, repository }: Dependency): Problem {
  return {
    code: "repository-alias-unknown",
    message: `${file} is out of step, and what "${shownAddress(repository)}" of ${name} stands for is not known.`,
    help: "Name its URL: under chartRepositories in server.yaml, or with --repository.",
    place: { file },
  };
}
