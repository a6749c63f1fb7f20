// A merge into a branch that an environment has since left still counts for the environment, if its current branch
// contains the merge.

import type { LeftBranch } from "../../domain/merge/left-branches.ts";
import type { EarlierBranch } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import type { AnnouncedMerge } from "./deploy-merge.ts";

export interface Elsewhere {
  /** Branches that environments are known to have left. */
  readonly movedFrom: readonly EarlierBranch[];
  /** Branches that they may have left: GitHub shows only that the branch was deleted. */
  readonly left: readonly LeftBranch[];
  /** Head commits of the branches. */
  readonly heads: ReadonlyMap<string, string>;
}

/** The merge itself, and a copy for the current branch of each environment that was on its base branch then. */
export async function onBranchesOfNow(
  merge: AnnouncedMerge & { readonly sha?: string },
  { movedFrom, left, heads }: Elsewhere,
  context: RepositoryContext,
): Promise<readonly AnnouncedMerge[]> {
  const known = onBranches(merge, movedFrom, context);
  const guessed = onBranches(merge, left, context).filter(({ base }) =>
    known.every((one) => one.base !== base),
  );
  const renamed: AnnouncedMerge[] = [];
  for (const there of guessed)
    if (await isRenamed(there, heads.get(there.base), context)) renamed.push(there);
  return [merge, ...known, ...renamed];
}

type There = AnnouncedMerge & { readonly sha?: string; readonly moved: readonly string[] };

function onBranches(
  merge: AnnouncedMerge & { readonly sha?: string },
  earlier: readonly EarlierBranch[],
  { config: { environments } }: RepositoryContext,
): readonly There[] {
  const left = earlier.filter(({ branch }) => branch === merge.base).map(({ environment }) => environment);
  const moved = environments.filter(({ name, branch }) => branch !== merge.base && left.includes(name));
  const byBranch = Map.groupBy(moved, ({ branch }) => branch);
  return [...byBranch].map(([base, all]) => ({ ...merge, base, moved: all.map(({ name }) => name) }));
}

/**
 * Whether the branch was renamed: then the current head reaches the merge by first parents. A branch that was merged
 * and deleted does not.
 */
async function isRenamed(
  { base: branch, sha: before, moved }: There,
  after: string | undefined,
  { repository, config, deps }: RepositoryContext,
): Promise<boolean> {
  if (before === undefined || after === undefined) return false;
  const environments = config.environments.filter(({ name }) => moved.includes(name));
  const way = { branch, before, after, forced: false, missed: true, environments };
  return (await deps.github.in(repository).pushRange(way)) !== undefined;
}
