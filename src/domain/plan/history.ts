// What a promotion branch's past says about a chart's versions: which one is open, which were declined or rolled back.

import { hiddenMarker } from "../model/github/hidden-marker.ts";
import type { ObservedBranch, ObservedPullRequest } from "../model/github/snapshot.ts";
import { tellsDeclined } from "../pull-request-body/comments.ts";
import { closingNote } from "../pull-request-body/markdown/closing-note.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import { type PromotedVersion, readTrailers } from "./trailers.ts";

export interface History {
  /** The open pull request of the branch, and what it carries of this chart. */
  readonly open?: { readonly pullRequest: ObservedPullRequest; readonly promoted?: PromotedVersion };
  /** The highest version that was closed unmerged or rolled back from; it and everything older stays out. */
  readonly declined?: DeclinedVersion;
}

export interface DeclinedVersion {
  readonly version: string;
  readonly because: string;
  /** The one that was closed, or that took it back. */
  readonly pullRequest: ObservedPullRequest;
}

/** What is on record of a pull request from another branch, as before `pullRequests` was switched, or as one of people's own. */
export interface EarlierDecline {
  readonly chart: string;
  readonly version: string;
  readonly because: string;
  /** One under which commands are taken; absent where people took it back by one of their own. */
  readonly pullRequest?: Pick<ObservedPullRequest, "number">;
}

export function historyOf(branch: ObservedBranch, chart: string): History {
  const open = branch.pullRequests.find((pullRequest) => pullRequest.state === "open");
  const promoted = open && promotedVersion(open, chart);
  const declined = highest([...closed(branch, chart), ...rolledBack(branch, chart)]);
  return {
    ...(open && { open: { pullRequest: open, ...(promoted && { promoted }) } }),
    ...(declined && { declined }),
  };
}

type Commits = Pick<ObservedPullRequest, "commits">;

/** The App's newest message among the commits. Human commits have none, and neither do those whose message people wrote. */
export function sealedMessage({ commits }: Commits): string | undefined {
  return commits.findLast(({ sealed }) => sealed)?.message;
}

/** What the App's newest message in a pull request says it carries. */
export function promotedVersions(pullRequest: Commits): readonly PromotedVersion[] {
  return readTrailers(sealedMessage(pullRequest) ?? "");
}

export function promotedVersion(
  pullRequest: ObservedPullRequest,
  chart: string,
): PromotedVersion | undefined {
  return promotedVersions(pullRequest).find((promoted) => promoted.chart === chart);
}

/** Begins the comment with which the App itself takes a promotion back. */
export const WITHDRAWN = hiddenMarker("withdrawn");

/** Begins the comment with which the App itself closes what its base has already. */
export const OBSOLETE = "Closed:";

type Closed = Pick<ObservedPullRequest, "closedByApp" | "body" | "comments"> &
  Partial<Pick<ObservedPullRequest, "closedWithBase">>;

/** With its base branch, or by the App on its own account and not for somebody who commented `/reject`. */
function isClosedUnasked(pullRequest: Closed): boolean {
  if (pullRequest.closedWithBase === true) return true;
  return pullRequest.closedByApp && !tellsDeclined(closingWord(pullRequest));
}

/** Whether another may be opened in its place. */
export function isWithdrawn(pullRequest: Closed): boolean {
  return isClosedUnasked(pullRequest) && !closingWord(pullRequest).startsWith(OBSOLETE);
}

/** The last that the App said of why it is closed. */
function closingWord({ body, comments }: Closed): string {
  return closingNote(body) ?? comments.findLast((one) => one.byApp && tellsClosing(one.body))?.body ?? "";
}

function tellsClosing(body: string): boolean {
  return tellsDeclined(body) || body.startsWith(WITHDRAWN) || body.startsWith(OBSOLETE);
}

/** Whether people closed a pull request of the App's. */
export function isDeclined(pullRequest: ObservedPullRequest): boolean {
  return pullRequest.state === "closed" && pullRequest.byApp && !isClosedUnasked(pullRequest);
}

export function declinedByClosing(version: string, { number }: Pick<ObservedPullRequest, "number">): string {
  return `${version} was declined: #${number} was closed without merging`;
}

/** What people declined by closing this pull request; none where it was not closed by people, or is no promotion. */
export function declinedVersions(pullRequest: ObservedPullRequest): readonly PromotedVersion[] {
  if (!isDeclined(pullRequest)) return [];
  return promotedVersions(pullRequest).filter(({ rolledBackFrom }) => rolledBackFrom === undefined);
}

function closed(branch: ObservedBranch, chart: string): readonly DeclinedVersion[] {
  return branch.pullRequests.flatMap((pullRequest) => {
    const promoted = declinedVersions(pullRequest).find((one) => one.chart === chart);
    if (!promoted) return [];
    const { version } = promoted;
    return [{ version, because: declinedByClosing(version, pullRequest), pullRequest }];
  });
}

export function rolledBackBy(version: string, { number }: Pick<ObservedPullRequest, "number">): string {
  return `${version} was rolled back by #${number}`;
}

/** Only the newest merge counts: a later promotion of a newer version ends what a rollback began. */
function rolledBack(branch: ObservedBranch, chart: string): readonly DeclinedVersion[] {
  const merged = branch.pullRequests.find(({ state }) => state === "merged");
  const version = merged && promotedVersion(merged, chart)?.rolledBackFrom;
  return merged === undefined || version === undefined
    ? []
    : [{ version, because: rolledBackBy(version, merged), pullRequest: merged }];
}

export function highest<Declined extends { readonly version: string }>(
  declined: readonly Declined[],
): Declined | undefined {
  return declined.reduce<Declined | undefined>((best, next) => {
    const [a, b] = [best && parseVersion(best.version), parseVersion(next.version)];
    return !b || (a && compareVersions(a, b) >= 0) ? best : next;
  }, undefined);
}
