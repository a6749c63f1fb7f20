// Which branches were renamed, where nobody told of it: GitHub leaves a merged pull request at the name that its base had then.

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
      .flatMap(({ ours, mergedAt, baseIsGone, baseBranch: branch }) =>
        ours && baseIsGone && mergedAt ? [{ environment, branch, mergedAt }] : [],
      ),
  );
}
