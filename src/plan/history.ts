// What a promotion branch's past says about a chart's versions: which one is open, which were declined or rolled back.

import type { ObservedBranch, ObservedPullRequest } from "../model/snapshot.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import { type Carried, readTrailers } from "./trailers.ts";

export interface History {
  /** The open pull request of the branch, and what it carries of this chart. */
  readonly open?: { readonly pullRequest: ObservedPullRequest; readonly carried?: Carried };
  /** The highest version that was closed unmerged or rolled back from; it and everything older stays out. */
  readonly declined?: { readonly version: string; readonly because: string };
}

export function historyOf(branch: ObservedBranch, chart: string): History {
  const open = branch.pullRequests.find((pullRequest) => pullRequest.state === "open");
  const carried = open && carriedBy(open, chart);
  const declined = highest([...closed(branch, chart), ...rolledBack(branch, chart)]);
  return {
    ...(open && { open: { pullRequest: open, ...(carried && { carried }) } }),
    ...(declined && { declined }),
  };
}

/** What the App's newest commit in a pull request says it carries. Human commits say nothing. */
export function carriedByAll(pullRequest: ObservedPullRequest): readonly Carried[] {
  const commit = pullRequest.commits.findLast(({ ours }) => ours);
  return commit ? readTrailers(commit.message) : [];
}

export function carriedBy(pullRequest: ObservedPullRequest, chart: string): Carried | undefined {
  return carriedByAll(pullRequest).find((carried) => carried.chart === chart);
}

type Declined = NonNullable<History["declined"]>;

/** Begins the comment with which the App itself takes a promotion back, so that its closing declines nothing. */
export const WITHDRAWN = "<!-- chart-promoter:withdrawn -->";

function isWithdrawn({ comments }: ObservedPullRequest): boolean {
  return comments.findLast(({ ours }) => ours)?.body.startsWith(WITHDRAWN) === true;
}

function closed(branch: ObservedBranch, chart: string): readonly Declined[] {
  return branch.pullRequests.flatMap((pullRequest) => {
    if (pullRequest.state !== "closed" || !pullRequest.ours || isWithdrawn(pullRequest)) return [];
    const carried = carriedBy(pullRequest, chart);
    if (!carried || carried.rolledBackFrom !== undefined) return [];
    const because = `${carried.version} was declined: #${pullRequest.number} was closed without merging`;
    return [{ version: carried.version, because }];
  });
}

/** Only the newest merge counts: a later promotion of a newer version ends what a rollback began. */
function rolledBack(branch: ObservedBranch, chart: string): readonly Declined[] {
  const merged = branch.pullRequests.find(({ state }) => state === "merged");
  const version = merged && carriedBy(merged, chart)?.rolledBackFrom;
  return version === undefined
    ? []
    : [{ version, because: `${version} was rolled back by #${merged?.number}` }];
}

function highest(declined: readonly Declined[]): Declined | undefined {
  return declined.reduce<Declined | undefined>((best, next) => {
    const [a, b] = [best && parseVersion(best.version), parseVersion(next.version)];
    return !b || (a && compareVersions(a, b) >= 0) ? best : next;
  }, undefined);
}
