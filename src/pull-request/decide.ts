// What has to happen to a promotion branch so that it says what the plan says. Level-triggered: after the step was taken,
// deciding again answers `leave`.

import type { FileChange } from "../model/draft.ts";
import type { ObservedBranch, ObservedPullRequest, Snapshot } from "../model/snapshot.ts";
import { blobOid } from "./blob-oid.ts";

export type Step =
  /** A pull request that says it already, or nothing to say. */
  | { readonly kind: "leave"; readonly pullRequest?: ObservedPullRequest; readonly because: string }
  /** `replaces`: the head of a branch left over from an earlier pull request, to be moved only if it is still there. */
  | { readonly kind: "open"; readonly replaces?: string }
  /** One more commit on the open pull request: the base did not change what it touches. */
  | {
      readonly kind: "append";
      readonly pullRequest: ObservedPullRequest;
      readonly files: readonly FileChange[];
    }
  /** The branch starts again from the new base, without ever standing at the base itself. */
  | { readonly kind: "rebuild"; readonly pullRequest: ObservedPullRequest }
  /** People committed to the branch: it is theirs now. */
  | { readonly kind: "stop"; readonly pullRequest?: ObservedPullRequest; readonly because: string }
  /** The pull request stands in the merge queue, where a push would throw it out. */
  | { readonly kind: "wait"; readonly pullRequest: ObservedPullRequest; readonly because: string };

export interface Wanted {
  /** Every file the promotion touches, with its path in the repository. */
  readonly files: readonly FileChange[];
  /** The environment's folder, "" for the root of the repository. */
  readonly folder: string;
  readonly snapshot: Snapshot;
  readonly branch: ObservedBranch;
}

export function decide(wanted: Wanted): Step {
  const open = wanted.branch.pullRequests.find(({ state }) => state === "open");
  return open ? decideOpen(open, wanted) : decideClosed(wanted.branch);
}

function decideClosed({ head, name, pullRequests }: ObservedBranch): Step {
  if (!head) return { kind: "open" };
  const merged = pullRequests.some(({ state, headOid }) => state === "merged" && headOid === head.oid);
  if (head.ours || merged || head.ahead === 0) return { kind: "open", replaces: head.oid };
  return { kind: "stop", because: `the branch ${name} holds commits that are not the App's` };
}

function decideOpen(pullRequest: ObservedPullRequest, wanted: Wanted): Step {
  const drift = driftOf(pullRequest, wanted);
  if (drift.kind === "none")
    return { kind: "leave", pullRequest, because: `#${pullRequest.number} says so already` };
  if (pullRequest.inMergeQueue) {
    return { kind: "wait", pullRequest, because: `#${pullRequest.number} is in the merge queue` };
  }
  const stranger = pullRequest.commits.find(({ ours }) => !ours);
  if (stranger || pullRequest.commitCount > pullRequest.commits.length) {
    const who = stranger ? ` by ${stranger.authorName}` : "";
    return {
      kind: "stop",
      pullRequest,
      because: `#${pullRequest.number} holds commits${who} that are not the App's`,
    };
  }
  return drift.kind === "content"
    ? { kind: "append", pullRequest, files: drift.files }
    : { kind: "rebuild", pullRequest };
}

type Drift =
  | { readonly kind: "none" }
  /** The branch says something else than wanted, but stands on files that the base still has. */
  | { readonly kind: "content"; readonly files: readonly FileChange[] }
  /** The base changed a file that is touched: merging could conflict. */
  | { readonly kind: "base" };

function driftOf({ fork }: ObservedPullRequest, { files, folder, snapshot, branch }: Wanted): Drift {
  const head = branch.head?.blobs ?? new Map<string, string>();
  const touched = new Map(
    files.map((file) => [file.path.slice(folder === "" ? 0 : folder.length + 1), file]),
  );
  const left = [...new Set([...head.keys(), ...fork.keys()])].filter(
    (path) => !touched.has(path) && head.get(path) !== fork.get(path),
  );
  const paths = [...touched.keys(), ...left];
  if (paths.some((path) => !isArchive(path) && fork.get(path) !== snapshot.files.get(path)?.oid)) {
    return { kind: "base" };
  }
  const wrong = [...touched]
    .filter(([path, file]) => !isArchive(path) && oidOf(file) !== head.get(path))
    .map(([, file]) => file);
  const undone = left.map((path) => restored(path, folder, snapshot));
  if (undone.includes(undefined)) return { kind: "base" };
  const changes = [...wrong, ...undone.filter((file) => file !== undefined)];
  if (changes.length === 0) return { kind: "none" };
  return [...touched.keys()].some(isArchive) ? { kind: "base" } : { kind: "content", files: changes };
}

/**
 * Archives are not read with the snapshot. Their names carry their version, so the manifest beside them tells whether
 * they are right; and a branch that holds one of an earlier version starts again from the base, which has none of it.
 */
function isArchive(path: string): boolean {
  return path.startsWith("charts/");
}

/** A file the branch changed for an earlier version and no longer should; `undefined` when its text is not at hand. */
function restored(path: string, folder: string, snapshot: Snapshot): FileChange | undefined {
  const file = snapshot.files.get(path);
  const full = folder === "" ? path : `${folder}/${path}`;
  if (!file) return { path: full, contents: null, mode: 0o100644 };
  return file.text === undefined
    ? undefined
    : { path: full, contents: new TextEncoder().encode(file.text), mode: file.mode };
}

function oidOf({ contents }: FileChange): string | undefined {
  return contents === null ? undefined : blobOid(contents);
}
