// Was this merge ours to deploy? Pure: what GitHub says about one merged pull request -> which environments it deploys.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";

/** What GitHub's proof query answered about one pull request. */
export interface Proof {
  readonly number: number;
  readonly merged: boolean;
  /** The branch it was merged into. */
  readonly base: string;
  /** The commit that the merge put there (the last one, for a rebase). */
  readonly mergeCommit?: string;
  /** Whether the branch's head contains that commit. */
  readonly contained: boolean;
  /** Paths that the pull request changed. */
  readonly files: readonly string[];
}

export interface MergeTarget {
  readonly environment: string;
  /** "" for the root. */
  readonly path: string;
  readonly branch: string;
}

export interface Merged {
  readonly sha: string;
  readonly environments: readonly string[];
}

/**
 * The environments on whose branch the merge stands and whose folder it touched. Fails when the merge cannot be proved:
 * then nothing is deployed, and the problem says what is missing.
 */
export function recogniseMerge(proof: Proof, targets: readonly MergeTarget[]): Result<Merged> {
  if (!proof.merged) return fail(unproven(proof, "GitHub does not say that it was merged"));
  const here = targets.filter(({ branch }) => branch === proof.base);
  const touched = here.filter(({ path }) => proof.files.some((file) => isBelow(file, path)));
  if (touched.length === 0) return ok({ sha: proof.mergeCommit ?? "", environments: [] });
  if (proof.mergeCommit === undefined) return fail(unproven(proof, "GitHub does not name its merge commit"));
  if (!proof.contained) return fail(unproven(proof, `${proof.base} does not contain ${proof.mergeCommit}`));
  return ok({ sha: proof.mergeCommit, environments: touched.map(({ environment }) => environment) });
}

/** Whether a path of the repository lies in a folder; everything lies in the root. */
export function isBelow(file: string, folder: string): boolean {
  return folder === "" || file.startsWith(`${folder}/`);
}

function unproven({ number }: Proof, what: string): Problem {
  return {
    code: "merge-unproven",
    message: `#${number} is not deployed: ${what}.`,
    help: "Nothing was deployed. Merge the change by another pull request, or run `chart-promoter sync` when GitHub has caught up.",
  };
}
