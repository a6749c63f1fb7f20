// What has to happen to a promotion branch so that it says what the plan says. Level-triggered: after the step was taken,
// deciding again answers `leave`.

import type { FileChange, Leftover } from "../model/draft.ts";
import type { ObservedBranch, ObservedPullRequest, OwnCommits, Snapshot } from "../model/github/snapshot.ts";
import { inRepository } from "../model/repository-path.ts";
import { blobOid } from "./blob-oid.ts";
import { branchOwner, isMerge, ownCommitsOf } from "./branch-owner.ts";

export type PullRequestAction =
  /** A pull request that says it already, or nothing to say. */
  | { readonly kind: "leave"; readonly pullRequest?: ObservedPullRequest; readonly because: string }
  | { readonly kind: "open"; readonly replaces?: Leftover }
  /** One more commit on the open pull request: the base did not change what it touches. */
  | {
      readonly kind: "append";
      readonly pullRequest: ObservedPullRequest;
      readonly files: readonly FileChange[];
    }
  /** The branch starts again from the new base, without ever standing at the base itself. */
  | { readonly kind: "rebuild"; readonly pullRequest: ObservedPullRequest }
  /** People committed to the branch: it is theirs now. Or it is not known whose it is. */
  | { readonly kind: "stop"; readonly pullRequest?: ObservedPullRequest; readonly because: string }
  /** Whose the branch is has to be read first (`OwnCommits`); only answered where that was not given. */
  | {
      readonly kind: "inspect";
      readonly branch: string;
      readonly head: string;
      readonly pullRequest?: ObservedPullRequest;
    }
  /** The pull request stands in the merge queue, where a push would throw it out. */
  | { readonly kind: "wait"; readonly pullRequest: ObservedPullRequest; readonly because: string };

export interface DesiredBranch {
  /** Every file the promotion touches, with its path in the repository. */
  readonly files: readonly FileChange[];
  /** The environment's folder, "" for the root of the repository. */
  readonly folder: string;
  readonly snapshot: Snapshot;
  readonly branch: ObservedBranch;
  /** The branch's own commits, where a decision before this one asked for them. */
  readonly own?: OwnCommits;
}

/** A branch with as many commits is rebuilt as one with its next change: each is read with the repository's state. */
const LONGEST = 10;

export function decidePullRequestAction(wanted: DesiredBranch): PullRequestAction {
  const open = wanted.branch.pullRequests.find(({ state }) => state === "open");
  return open ? decideOpen(open, wanted) : decideClosed(wanted);
}

/** What is left of an earlier pull request is the App's to replace, unless people worked on it. */
function decideClosed({ branch, snapshot, own }: DesiredBranch): PullRequestAction {
  const { head, name, pullRequests } = branch;
  if (!head) return { kind: "open" };
  const replace: PullRequestAction = { kind: "open", replaces: { head: head.oid } };
  const last = pullRequests.find(({ headOid }) => headOid === head.oid);
  if (head.oid === snapshot.base || last?.state === "merged") return replace;
  const owner = branchOwner(own ?? (last ? ownCommitsOf(last) : UNREAD), last?.forkTree);
  switch (owner.kind) {
    case "nobody":
      return replace;
    case "app":
      return last ? replace : { kind: "open", replaces: { head: head.oid, mayBeProposed: true } };
    case "people":
      return { kind: "stop", because: `the branch ${name} ${owner.because}` };
    case "unknown":
      return own
        ? { kind: "stop", because: `whose the branch ${name} is cannot be told: ${owner.because}` }
        : { kind: "inspect", branch: name, head: head.oid, ...(last && { pullRequest: last }) };
  }
}

const UNREAD: OwnCommits = { commits: [], isComplete: false };

function decideOpen(pullRequest: ObservedPullRequest, wanted: DesiredBranch): PullRequestAction {
  const drift = differenceOf(pullRequest, wanted);
  const { number, headOid, inMergeQueue, commitCount } = pullRequest;
  if (drift.kind === "none") return { kind: "leave", pullRequest, because: `#${number} says so already` };
  if (inMergeQueue) return { kind: "wait", pullRequest, because: `#${number} is in the merge queue` };
  const owner = branchOwner(wanted.own ?? ownCommitsOf(pullRequest), pullRequest.forkTree);
  switch (owner.kind) {
    case "people":
      return { kind: "stop", pullRequest, because: `#${number} ${owner.because}` };
    case "unknown":
      return wanted.own
        ? { kind: "stop", pullRequest, because: `whose #${number} is cannot be told: ${owner.because}` }
        : { kind: "inspect", branch: wanted.branch.name, head: headOid, pullRequest };
    case "nobody":
    case "app":
      return drift.kind === "content" && commitCount < LONGEST
        ? { kind: "append", pullRequest, files: drift.files }
        : { kind: "rebuild", pullRequest };
  }
}

type Drift =
  | { readonly kind: "none" }
  /** The branch says something else than wanted, but stands on files that the base still has. */
  | { readonly kind: "content"; readonly files: readonly FileChange[] }
  /** The base changed a file that is touched: merging could conflict, also where the branch says what is wanted. */
  | { readonly kind: "base" };

function differenceOf(
  pullRequest: ObservedPullRequest,
  { files, folder, snapshot, branch }: DesiredBranch,
): Drift {
  const { fork } = pullRequest;
  const head = branch.head?.blobs ?? new Map<string, string>();
  const touched = new Map(
    files.map((file) => [file.path.slice(folder === "" ? 0 : folder.length + 1), file]),
  );
  const left = [...new Set([...head.keys(), ...fork.keys()])].filter(
    (path) =>
      !touched.has(path) && head.get(path) !== fork.get(path) && head.get(path) !== oidOn(snapshot, path),
  );
  const wrong = [...touched].filter(([path, file]) => !isArchive(path) && !says(branch, path, file));
  const isWanted = wrong.length + left.length === 0;
  if (isWanted && !isStraight(pullRequest)) return { kind: "none" };
  const paths = [...touched.keys(), ...left];
  if (paths.some((path) => !isArchive(path) && fork.get(path) !== oidOn(snapshot, path)))
    return { kind: "base" };
  if (isWanted) return { kind: "none" };
  const undone = left.map((path) => restored(path, folder, snapshot));
  if (undone.includes(undefined) || [...touched.keys()].some(isArchive)) return { kind: "base" };
  const changes = [...wrong.map(([, file]) => file), ...undone.filter((file) => file !== undefined)];
  return { kind: "content", files: changes };
}

/** The App's commits alone, one behind the other: what the base changed since they began did not come to the branch by a merge. */
function isStraight({ commits, commitCount }: ObservedPullRequest): boolean {
  return commitCount <= commits.length && commits.every((one) => one.byApp && isMerge(one) === false);
}

function oidOn({ files }: Snapshot, path: string): string | undefined {
  return files.get(path)?.oid;
}

/** Whether the branch's file is the wanted one; of a lock, but for the time at which it was written. */
function says({ head }: ObservedBranch, path: string, { contents }: FileChange): boolean {
  if (contents === null) return head?.blobs.get(path) === undefined;
  if (head?.blobs.get(path) === blobOid(contents)) return true;
  const lock = head?.locks.get(path);
  return lock !== undefined && withoutTime(lock) === withoutTime(new TextDecoder().decode(contents));
}

/** `generated` is what Helm calls the time in a lock (helm/helm pkg/chart/dependency.go `Lock`). */
function withoutTime(lock: string): string {
  return lock.replace(/^generated:.*$/m, "");
}

/**
 * Archives are not read with the snapshot. Their names carry their version, so the manifest beside them says whether
 * they are right; and a branch that holds one of an earlier version starts again from the base, which has none of it.
 */
function isArchive(path: string): boolean {
  return path.startsWith("charts/");
}

/** A file the branch changed for an earlier version and no longer should; `undefined` when its text is not at hand. */
function restored(path: string, folder: string, snapshot: Snapshot): FileChange | undefined {
  const file = snapshot.files.get(path);
  const full = inRepository(folder, path);
  if (!file) return { path: full, contents: null, mode: 0o100644 };
  return file.text === undefined
    ? undefined
    : { path: full, contents: new TextEncoder().encode(file.text), mode: file.mode };
}
