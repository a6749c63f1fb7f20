// Which commits of a push came from no merged pull request. Pure.

import type { MergedPull, PushedCommit, PushedRange } from "../model/github/merge.ts";
import { wasPushed } from "./recognise-merge.ts";

/** By environment, the commits that changed its folder and that no merged pull request explains, newest first. */
export type Unexplained = ReadonlyMap<string, readonly PushedCommit[]>;

/** All commits of a forced push are unexplained, even if they were merged before. */
export function unexplained(range: PushedRange, environments: readonly string[]): Unexplained {
  const byOid = new Map(range.commits.map((commit) => [commit.oid, commit]));
  const pushed = range.forced ? forcedCommit(range, byOid) : directCommits(range, byOid);
  const entries = environments.flatMap((environment) => {
    const touching = pushed.filter(({ commit, before }) => {
      return commit.folders.get(environment) !== before?.get(environment);
    });
    return touching.length === 0 ? [] : [[environment, touching.map(({ commit }) => commit)] as const];
  });
  return new Map(entries);
}

interface Step {
  readonly commit: PushedCommit;
  /** Folders before the commit. */
  readonly before: ReadonlyMap<string, string> | undefined;
}

type Commits = ReadonlyMap<string, PushedCommit>;

function forcedCommit({ after, foldersBefore }: PushedRange, byOid: Commits): readonly Step[] {
  const commit = byOid.get(after);
  return commit ? [{ commit, before: foldersBefore }] : [];
}

/** Follows first parents only: commits from another parent came with the merge that has it. */
function directCommits(range: PushedRange, byOid: Commits): readonly Step[] {
  const merges = new Map(range.merges.map((pull) => [pull.mergeCommit.oid, pull]));
  const steps: Step[] = [];
  let skip = 0;
  let at = byOid.get(range.after);
  while (at && at.oid !== range.before) {
    const merge = merges.get(at.oid);
    if (merge && !wasPushed(merge)) skip = commitsOf(merge);
    const [parent = ""] = at.parents;
    const before = parent === range.before ? range.foldersBefore : byOid.get(parent)?.folders;
    if (skip === 0) steps.push({ commit: at, before });
    else skip -= 1;
    at = byOid.get(parent);
  }
  return steps;
}

/** How many commits on the branch a merge made: a rebase makes one for each commit of the pull request. */
function commitsOf({ mergeCommit, commitCount }: MergedPull): number {
  return mergeCommit.byGitHub || mergeCommit.parents.length > 1 ? 1 : commitCount;
}
