// Which branches environments were on before. GitHub leaves a merged pull request at the name that its base had then.

import type { Config } from "../model/config/config.ts";
import type { MergedPullRequest } from "../model/github/merge.ts";
import type { EarlierBranch } from "../model/github/repository.ts";
import type { Snapshot } from "../model/github/snapshot.ts";

export interface LeftBranch extends EarlierBranch {
  /** When a promotion of the environment was merged into it. */
  readonly mergedAt: Date;
}

/** Branches that the App's promotions were merged into and that are gone; whether they were renamed or deleted, this does not tell. */
export function leftBranches(snapshots: Iterable<Snapshot>): readonly LeftBranch[] {
  return [...snapshots].flatMap(({ environment, branches }) =>
    [...branches.values()]
      .flatMap(({ pullRequests }) => pullRequests)
      .flatMap(({ byApp, mergedAt, baseIsGone, baseBranch: branch }) =>
        byApp && baseIsGone && mergedAt ? [{ environment, branch, mergedAt }] : [],
      ),
  );
}

/** Branches that anything was merged into and that are gone: one of the environments may have been there between two others. */
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

/** Where the environments of now were by an earlier config. One that has another name has the folder of one that is gone. */
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
