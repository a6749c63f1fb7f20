// Who owns a promotion branch: judged by the commits that it has and its base does not have.

import type { Commit, ObservedPullRequest, OwnCommits } from "../model/github/snapshot.ts";

export type BranchOwner =
  /** No commits of its own: it is at its base, or behind it. */
  | { readonly kind: "nobody" }
  | { readonly kind: "app" }
  | { readonly kind: "people"; readonly because: string }
  /** Unknown: not all commits were read, or it is unknown what a merge adds. */
  | { readonly kind: "unknown"; readonly because: string };

/** `forkTree`: tree id of the commit that the branch started from. */
export function branchOwner(
  { commits, isComplete, mergesAddNothing }: OwnCommits,
  forkTree: string | undefined,
): BranchOwner {
  if (isComplete && commits.length === 0) return { kind: "nobody" };
  const known = new Set([forkTree, ...commits.filter(({ byApp }) => byApp).map(({ tree }) => tree)]);
  // A commit whose tree is one of the App's or the starting one adds nothing, such as a revert.
  const others = commits.filter(({ byApp, tree }) => !byApp && !known.has(tree));
  const work = others.find((commit) => isMerge(commit) === false);
  if (work) return people(work);
  const unread = others.find((commit) => isMerge(commit) === undefined);
  if (unread) return { kind: "unknown", because: `what the commit of ${nameOf(unread)} adds is not known` };
  const [merge] = others;
  if (merge && mergesAddNothing === false) return people(merge);
  if (merge && mergesAddNothing === undefined)
    return { kind: "unknown", because: `what ${nameOf(merge)} merged into it is not known` };
  return isComplete ? { kind: "app" } : { kind: "unknown", because: "not all of its commits could be read" };
}

/** The own commits, as far as a pull request shows them. */
export function ownCommitsOf({ commits, commitCount }: ObservedPullRequest): OwnCommits {
  return { commits, isComplete: commitCount <= commits.length };
}

/** `undefined` when its parents were not read. */
export function isMerge({ parents }: Pick<Commit, "parents">): boolean | undefined {
  return parents && parents.length > 1;
}

function people(commit: Commit): BranchOwner {
  return { kind: "people", because: `holds commits by ${nameOf(commit)} that are not the App's` };
}

function nameOf({ authorName, oid }: Commit): string {
  return authorName === "" ? `nobody named (${oid.slice(0, 7)})` : authorName;
}
