// Branches that environments were on before. GitHub keeps the base branch's old name on a merged pull request.

import type { Config } from "../model/config/config.ts";
import type { MergedPullRequest } from "../model/github/merge.ts";
import type { EarlierBranch } from "../model/github/repository.ts";
import type { Snapshot } from "../model/github/snapshot.ts";

export interface LeftBranch extends EarlierBranch {
  /** When a promotion of the environment was merged into it. */
  readonly mergedAt: Date;
}

/** Deleted or renamed branches that the App's promotions were merged into; which of both cannot be seen. */
export function leftBranches(snapshots: Iterable<Snapshot>): readonly LeftBranch[] {
  return [...snapshots].flatMap(({ environment, branches }) =>
    [...branches.values()]
      .flatMap(({ pullRequests }) => pullRequests)
      .flatMap(({ byApp, mergedAt, baseIsGone, baseBranch: branch }) =>
        byApp && baseIsGone && mergedAt ? [{ environment, branch, mergedAt }] : [],
      ),
  );
}

/** Deleted or renamed branches that anything was merged into: an environment may have been on one between two moves. */
export function goneBases(
  merges: readonly MergedPullRequest[],
  environments: ReadonlySet<string>,
): readonly LeftBranch[] {
  return merges
    .filter(({ baseIsGone }) => baseIsGone)
    .flatMap(({ base: branch, mergedAt }) =>
      [...environments].map((environment) => ({ environment, branch, mergedAt })),
    );
}

/**
 * Branches that the current environments had in an earlier config. A renamed environment is recognised by its folder.
 */
export function earlierBranches(before: Config, { environments: now }: Config): readonly EarlierBranch[] {
  const names = new Set(now.map(({ name }) => name));
  return now.flatMap(({ name, path, branch }) => {
    const same = before.environments.find((one) => one.name === name);
    const renamed = before.environments.filter((one) => !names.has(one.name) && one.path === path);
    return (same ? [same] : renamed)
      .filter((one) => one.branch !== branch)
      .map((one) => ({ environment: name, branch: one.branch }));
  });
}
