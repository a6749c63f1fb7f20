// The next action on a promotion branch, to make it match the plan. Level-triggered: once the action was taken, the
// next decision is `leave`.

import type { FileChange, Leftover } from "../model/draft.ts";
import type { ObservedBranch, ObservedPullRequest, OwnCommits, Snapshot } from "../model/github/snapshot.ts";
import { inRepository } from "../model/repository-path.ts";
import { blobOid } from "./blob-oid.ts";
import { branchOwner, isMerge, ownCommitsOf } from "./branch-owner.ts";

export type PullRequestAction =
  /** The pull request matches already, or nothing is to be proposed. */
  | { readonly kind: "leave"; readonly pullRequest?: ObservedPullRequest; readonly because: string }
  | { readonly kind: "open"; readonly replaces?: Leftover }
  /** Adds a commit to the open pull request: the base has not changed the files concerned. */
  | {
      readonly kind: "append";
      readonly pullRequest: ObservedPullRequest;
      readonly files: readonly FileChange[];
    }
  /** Rebuilds the branch on the new base, in one update that never leaves it at the base itself. */
  | { readonly kind: "rebuild"; readonly pullRequest: ObservedPullRequest }
  /** People committed to the branch, so it is theirs; or its owner is unknown. */
  | { readonly kind: "stop"; readonly pullRequest?: ObservedPullRequest; readonly because: string }
  /** The branch's owner has to be read first (`OwnCommits`); only returned when `own` was not given. */
  | {
      readonly kind: "inspect";
      readonly branch: string;
      readonly head: string;
      readonly pullRequest?: ObservedPullRequest;
    }
  /** The pull request is in the merge queue, and a push would remove it. */
  | { readonly kind: "wait"; readonly pullRequest: ObservedPullRequest; readonly because: string };

export interface DesiredBranch {
  /** Every file that the promotion changes, with its path in the repository. */
  readonly files: readonly FileChange[];
  /** The environment's folder, "" for the root of the repository. */
  readonly folder: string;
  readonly snapshot: Snapshot;
  readonly branch: ObservedBranch;
  /** The branch's own commits, if an earlier decision asked for them (`inspect`). */
  readonly own?: OwnCommits;
  /** A forced push took commits off the base that the branch contains: merging would bring them back. */
  readonly isBaseLost?: boolean;
}

/** A branch with this many commits is rebuilt as one: all of its commits are read with the repository's state. */
const LONGEST = 10;

export function decidePullRequestAction(wanted: DesiredBranch): PullRequestAction {
  const open = wanted.branch.pullRequests.find(({ state }) => state === "open");
  return open ? decideOpen(open, wanted) : decideClosed(wanted);
}

/** A branch left from a closed pull request may be replaced, unless people worked on it. */
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
  /** The branch's content differs from the plan, and the base has not changed the files concerned. */
  | { readonly kind: "content"; readonly files: readonly FileChange[] }
  /**
   * The base changed a file concerned: a merge could conflict, even when the branch has the wanted content. Or a forced
   * push took commits off the base that the branch contains.
   */
  | { readonly kind: "base" };

function differenceOf(
  pullRequest: ObservedPullRequest,
  { files, folder, snapshot, branch, isBaseLost }: DesiredBranch,
): Drift {
  if (isBaseLost) return { kind: "base" };
  const { fork } = pullRequest;
  const head = branch.head?.blobs ?? new Map<string, string>();
  const touched = new Map(
    files.map((file) => [file.path.slice(folder === "" ? 0 : folder.length + 1), file]),
  );
  const left = [...new Set([...head.keys(), ...fork.keys()])].filter(
    (path) =>
      !touched.has(path) && head.get(path) !== fork.get(path) && head.get(path) !== oidOn(snapshot, path),
  );
  const wrong = [...touched].filter(([path, file]) => !isArchive(path) && !holdsFile(branch, path, file));
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

/** The App's commits in one line: changes of the base since then did not come in by a merge. */
function isStraight({ commits, commitCount }: ObservedPullRequest): boolean {
  return commitCount <= commits.length && commits.every((one) => one.byApp && isMerge(one) === false);
}

function oidOn({ files }: Snapshot, path: string): string | undefined {
  return files.get(path)?.oid;
}

/** Whether the branch has the wanted file; the time in a lock file is ignored. */
function holdsFile({ head }: ObservedBranch, path: string, { contents }: FileChange): boolean {
  if (contents === null) return head?.blobs.get(path) === undefined;
  if (head?.blobs.get(path) === blobOid(contents)) return true;
  const lock = head?.locks.get(path);
  return lock !== undefined && withoutTime(lock) === withoutTime(new TextDecoder().decode(contents));
}

/** `generated` is the time in a lock file (helm/helm pkg/chart/dependency.go `Lock`). */
function withoutTime(lock: string): string {
  return lock.replace(/^generated:.*$/m, "");
}

/**
 * Archives are not read with the snapshot. Their names contain their version, so the manifest tells whether they are
 * right; and a branch with an archive of an earlier version is rebuilt from the base, which does not have it.
 */
function isArchive(path: string): boolean {
  return path.startsWith("charts/");
}

/**
 * A file that the branch changed for an earlier version, restored to the base's text; `undefined` when that was not
 * read.
 */
function restored(path: string, folder: string, snapshot: Snapshot): FileChange | undefined {
  const file = snapshot.files.get(path);
  const full = inRepository(folder, path);
  if (!file) return { path: full, contents: null, mode: 0o100644 };
  return file.text === undefined
    ? undefined
    : { path: full, contents: new TextEncoder().encode(file.text), mode: file.mode };
}
