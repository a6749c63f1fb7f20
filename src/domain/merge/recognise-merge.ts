// Whether a merged pull request is to be deployed. Pure: GitHub's data about it -> the commit that it put on its
// branch.

import type { MergeCommit, Proof } from "../model/github/merge.ts";
import type { Problem } from "../model/problem.ts";

export type Recognised =
  /** The pull request put this commit on its branch. */
  | { readonly kind: "merged"; readonly sha: string }
  /** Not proved, so nothing is deployed. `final`: a retry would give the same answer. */
  | { readonly kind: "unproven"; readonly problem: Problem; readonly final: boolean };

export function recogniseMerge(proof: Proof): Recognised {
  const { merged, mergeCommit, base, contained } = proof;
  if (!merged) return unproven(proof, "GitHub does not say that it was merged");
  if (!mergeCommit) return unproven(proof, "GitHub does not name its merge commit");
  if (wasPushed({ headOid: proof.headOid, mergeCommit })) {
    return {
      ...unproven(proof, `its commits were pushed to ${base}, and not merged by GitHub`),
      final: true,
    };
  }
  if (!contained) return unproven(proof, `${base} does not contain ${mergeCommit.oid}`);
  return { kind: "merged", sha: mergeCommit.oid };
}

/**
 * GitHub also shows a pull request as merged when somebody pushed its commits to the base (fast-forward, or a merge
 * made elsewhere); that is a push. A merge by GitHub has a commit of its own, which is never the head, even if GitHub
 * wrote the head for the App: merge and squash are committed by GitHub, and a rebase, which is not, has one parent.
 */
export function wasPushed({
  headOid,
  mergeCommit,
}: {
  readonly headOid: string;
  readonly mergeCommit: MergeCommit;
}): boolean {
  return mergeCommit.oid === headOid || (!mergeCommit.byGitHub && mergeCommit.parents.length > 1);
}

function unproven({ number }: Proof, what: string): Extract<Recognised, { kind: "unproven" }> {
  const problem: Problem = {
    code: "merge-unproven",
    message: `#${number} is not deployed: ${what}.`,
    help: "Merge the change by a pull request, with GitHub's button, queue or API; a later merge to the same environment deploys it too.",
  };
  return { kind: "unproven", problem, final: false };
}
