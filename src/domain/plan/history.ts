// The past of a promotion branch, for one chart: the open version, and those that were declined or rolled back.

import { hiddenMarker } from "../model/github/hidden-marker.ts";
import type { ObservedBranch, ObservedPullRequest } from "../model/github/snapshot.ts";
import { tellsDeclined } from "../pull-request-body/comments.ts";
import { closingNote } from "../pull-request-body/markdown/closing-note.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import { type PromotedVersion, readTrailers } from "./trailers.ts";

export interface History {
  /** The open pull request of the branch, and its version of this chart. */
  readonly open?: { readonly pullRequest: ObservedPullRequest; readonly promoted?: PromotedVersion };
  /** The highest version that was closed unmerged or rolled back; it and all lower versions are not proposed again. */
  readonly declined?: DeclinedVersion;
}

export interface DeclinedVersion {
  readonly version: string;
  readonly because: string;
  /** The pull request that was closed, or the rollback that was merged. */
  readonly pullRequest: ObservedPullRequest;
}

/**
 * A decline that only the records show: of a pull request from another branch, as before `pullRequests` was changed, or
 * of a rollback by people.
 */
export interface EarlierDecline {
  readonly chart: string;
  readonly version: string;
  readonly because: string;
  /** A pull request that accepts commands; absent for a rollback in a pull request by people. */
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

/**
 * The App's newest sealed message among the commits. People's commits have none, nor do commits whose message people
 * rewrote.
 */
export function sealedMessage({ commits }: Commits): string | undefined {
  return commits.findLast(({ sealed }) => sealed)?.message;
}

/** The versions in the trailers of the App's newest sealed commit. */
export function promotedVersions(pullRequest: Commits): readonly PromotedVersion[] {
  return readTrailers(sealedMessage(pullRequest) ?? "");
}

export function promotedVersion(
  pullRequest: ObservedPullRequest,
  chart: string,
): PromotedVersion | undefined {
  return promotedVersions(pullRequest).find((promoted) => promoted.chart === chart);
}

/** Marks the App's comment about withdrawing a promotion. */
export const WITHDRAWN = hiddenMarker("withdrawn");

/** Begins the App's comment about a promotion that its base already has. */
export const OBSOLETE = "No longer needed:";
/** The same in earlier versions, and the App's comment about a rollback that people declined. */
const CLOSED = "Closed:";

type Closed = Pick<ObservedPullRequest, "closedByApp" | "body" | "comments"> &
  Partial<Pick<ObservedPullRequest, "closedWithBase">>;

/** Closed because its base branch was deleted, or by the App by itself rather than for a `/reject`. */
function isClosedWithoutDecline(pullRequest: Closed): boolean {
  if (pullRequest.closedWithBase === true) return true;
  return pullRequest.closedByApp && !tellsDeclined(closingWord(pullRequest));
}

/** Withdrawn, so another promotion may replace it. */
export function isWithdrawn(pullRequest: Closed): boolean {
  return isClosedWithoutDecline(pullRequest) && !tellsObsolete(closingWord(pullRequest));
}

/** The App's last statement of why it is closed. */
function closingWord({ body, comments }: Closed): string {
  return closingNote(body) ?? comments.findLast((one) => one.byApp && tellsClosing(one.body))?.body ?? "";
}

function tellsClosing(body: string): boolean {
  return tellsDeclined(body) || body.startsWith(WITHDRAWN) || tellsObsolete(body);
}

function tellsObsolete(body: string): boolean {
  return body.startsWith(OBSOLETE) || body.startsWith(CLOSED);
}

/** Whether people closed a pull request of the App. */
export function isDeclined(pullRequest: ObservedPullRequest): boolean {
  return pullRequest.state === "closed" && pullRequest.byApp && !isClosedWithoutDecline(pullRequest);
}

export function declinedByClosing(version: string, { number }: Pick<ObservedPullRequest, "number">): string {
  return `${version} was declined: #${number} was closed without merging`;
}

/**
 * The versions that people declined by closing this pull request; empty when people did not close it, or it is no
 * promotion.
 */
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

/** Only the newest merge counts: a later promotion of a newer version supersedes the rollback. */
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
