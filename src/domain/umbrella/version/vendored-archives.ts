// Packed charts committed in charts/: Helm installs them as they are, whatever version the manifest names.

import { fail, ok, type Problem, type Result } from "../../model/problem.ts";
import type { ArchiveSwap, Dependency } from "../../model/umbrella.ts";
import { parseConstraint, satisfies } from "../../versions/constraint.ts";
import { parseVersion } from "../../versions/version.ts";
import { pinnedVersion } from "./version-text.ts";

export interface VendoredMove {
  /** Paths relative to the folder. */
  readonly vendored: readonly string[];
  readonly dependencies: readonly Dependency[];
  /** Locked versions, by index. */
  readonly locked: readonly (string | undefined)[];
  readonly moves: readonly { readonly index: number; readonly version: string }[];
  /** The URL of an entry's repository, if it is known. */
  readonly repositoryOf: (dependency: Dependency) => string;
}

/** One swap for each new chart version; none for charts that are not vendored. */
export function swapArchives(move: VendoredMove): Result<readonly ArchiveSwap[]> {
  const swaps = new Map<string, ArchiveSwap>();
  for (const { index, version } of move.moves) {
    const dependency = move.dependencies[index];
    if (dependency === undefined) continue;
    const { name } = dependency;
    const unpacked = move.vendored.find((path) => path.startsWith(`charts/${name}/`));
    if (unpacked !== undefined) return fail(isUnpacked(name, unpacked));
    const archives = archivesOf(move.vendored, name);
    if (archives.length === 0) continue;
    const path = `charts/${name}-${version}.tgz`;
    const outdated = archives.filter(
      (archive) => archive.path !== path && !isStillUsed(move, name, archive.version),
    );
    const remove = outdated.flatMap((archive) => withProvenance(move.vendored, archive.path));
    const isThere = archives.some((archive) => archive.path === path);
    if (isThere && remove.length === 0) continue;
    swaps.set(path, { remove, add: { path, name, version, repository: move.repositoryOf(dependency) } });
  }
  return ok([...swaps.values()]);
}

interface VendoredArchive {
  readonly path: string;
  readonly version: string;
}

/** The rest of the file name must be a version: `billing-worker-1.0.0.tgz` is not an archive of `billing`. */
function archivesOf(vendored: readonly string[], name: string): readonly VendoredArchive[] {
  return vendored.flatMap((path) => {
    const version =
      path.startsWith(`charts/${name}-`) && path.endsWith(".tgz") ? path.slice(8 + name.length, -4) : "";
    return parseVersion(version) === undefined ? [] : [{ path, version }];
  });
}

function withProvenance(vendored: readonly string[], path: string): readonly string[] {
  return vendored.includes(`${path}.prov`) ? [path, `${path}.prov`] : [path];
}

/** Whether an unchanged entry of the same chart uses this version. */
function isStillUsed({ dependencies, locked, moves }: VendoredMove, name: string, version: string): boolean {
  return dependencies.some((dependency, index) => {
    if (dependency.name !== name || moves.some((move) => move.index === index)) return false;
    const exact = locked[index] ?? pinnedVersion(dependency);
    if (exact !== undefined) return exact === version;
    const constraint = parseConstraint(dependency.version);
    const parsed = parseVersion(version);
    return constraint.ok && parsed !== undefined && satisfies(parsed, constraint.value);
  });
}

function isUnpacked(name: string, path: string): Problem {
  return {
    code: "vendored-chart",
    message: `${name} is committed unpacked below charts/${name}/: Helm installs that copy, whatever version is asked for.`,
    help: "Delete the folder and let Helm fetch the chart, or commit it packed (`helm dependency update`).",
    place: { file: path },
  };
}
