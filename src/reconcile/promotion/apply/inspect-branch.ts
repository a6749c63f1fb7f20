// Reads whose commits are on a promotion branch, when the observed state does not show it.

import type { OwnCommits } from "../../../domain/model/github/snapshot.ts";
import { branchOwner, isMerge } from "../../../domain/pull-request/branch-owner.ts";
import { mergeAddsNothing } from "../../../domain/pull-request/merge-adds-nothing.ts";
import type { PullRequestAction } from "../../../domain/pull-request/pull-request-action.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";

/** Two requests for each hundred commits; two more when people merged the base into a pull request. */
export async function inspectBranch(
  { branch, head, pullRequest }: Extract<PullRequestAction, { kind: "inspect" }>,
  {
    about,
    snapshot,
    deps,
  }: Pick<ObservedEnvironment, "snapshot" | "deps"> & {
    readonly about: Pick<ObservedEnvironment["about"], "repository">;
  },
): Promise<OwnCommits> {
  const own = await deps.github.in(about.repository).ownCommits({ base: snapshot.base, head, branch });
  const appCommits = own.commits.filter((commit) => commit.byApp);
  const merge = own.commits.findLast((commit) => !commit.byApp && isMerge(commit));
  const [fork, base] = [appCommits[0]?.parents?.[0], merge?.parents?.[1]];
  const app = appCommits.at(-1)?.oid;
  if (!pullRequest || fork === undefined || base === undefined || app === undefined) return own;
  if (branchOwner({ ...own, mergesAddNothing: true }, pullRequest.forkTree).kind !== "app") return own;
  const query = { number: pullRequest.number, commits: { fork, app, base, head } };
  const files = await deps.github.in(about.repository).filesOnBranch(query);
  return { ...own, mergesAddNothing: files !== undefined && mergeAddsNothing(files) };
}
