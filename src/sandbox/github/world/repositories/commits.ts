// New commits: by createCommitOnBranch, by the git data API, and by a person's push.

import type { Mode, Signature } from "../../git/object-store.ts";
import { changeTree, type FileEntry, itemAt } from "../../git/trees.ts";
import { authorOf, GITHUB, githubSignature } from "../identities.ts";
import type { Account } from "../records.ts";
import { notFound, Refusal, unprocessable } from "../refusal.ts";
import type { World } from "../world.ts";
import { moveRef } from "./branches.ts";
import type { Repository } from "./repository.ts";

export interface BranchCommit {
  readonly branch: string;
  readonly expectedHeadOid: string;
  readonly message: string;
  readonly additions: readonly { readonly path: string; readonly contents: Uint8Array }[];
  readonly deletions: readonly { readonly path: string }[];
  readonly actor: Account;
}

/** Appends a commit to a branch with an expected head; returns its id. */
export function commitOnBranch(world: World, repository: Repository, commit: BranchCommit): string {
  const head = repository.branch(commit.branch);
  if (head === undefined) throw notFound(`Could not resolve to a branch named '${commit.branch}'.`);
  if (head !== commit.expectedHeadOid) throw stale(commit.expectedHeadOid);
  const changes = new Map<string, FileEntry | null>();
  const base = repository.objects.mustCommit(head).tree;
  for (const { path } of commit.deletions) {
    if (itemAt(repository.objects, base, path) === undefined)
      throw unprocessable(
        `A path was requested for deletion which does not exist in the given head: ${path}`,
      );
    changes.set(checkedPath(changes, path), null);
  }
  for (const { path, contents } of commit.additions)
    changes.set(checkedPath(changes, path), { mode: "100644", oid: repository.objects.addBlob(contents) });
  const date = world.now();
  const oid = repository.objects.addCommit({
    tree: changeTree(repository.objects, base, changes),
    parents: [head],
    author: authorOf(commit.actor, date),
    committer: { ...GITHUB, date },
    message: commit.message,
    signature: githubSignature(),
  });
  moveRef(world, repository, { ref: `refs/heads/${commit.branch}`, to: oid, actor: commit.actor });
  return oid;
}

/** GitHub's message, including its two blanks. */
function stale(expected: string): Refusal {
  return new Refusal(
    "STALE_DATA",
    `Expected branch to point to "${expected}" but it did not.  Pull and try again.`,
  );
}

function checkedPath(taken: ReadonlyMap<string, unknown>, path: string): string {
  if (taken.has(path)) throw unprocessable(`The path ${path} is named more than once`);
  const parts = path.split("/");
  if (parts.some((part) => ["", ".", "..", ".git"].includes(part)))
    throw unprocessable(`A path is not valid: ${path}`);
  return path;
}

export interface TreeChange {
  readonly path: string;
  readonly mode: Mode;
  /** `null` deletes. */
  readonly oid: string | null;
}

/** A tree based on another; deleting a missing path is refused, as on GitHub. */
export function createTree(
  repository: Repository,
  { base, changes }: { readonly base: string | undefined; readonly changes: readonly TreeChange[] },
): string {
  const entries = new Map<string, FileEntry | null>();
  for (const { path, mode, oid } of changes) {
    if (oid !== null && repository.objects.get(oid) === undefined)
      throw unprocessable("GitRPC::BadObjectState");
    if (oid === null && (base === undefined || itemAt(repository.objects, base, path) === undefined))
      throw unprocessable("GitRPC::BadObjectState");
    entries.set(checkedPath(entries, path), oid === null ? null : { mode, oid });
  }
  return changeTree(repository.objects, base, entries);
}

export interface RawCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author?: Signature | undefined;
  readonly committer?: Signature | undefined;
  readonly actor: Account;
}

/** Signed by GitHub only without author and committer. */
export function createCommit(world: World, repository: Repository, raw: RawCommit): string {
  if (repository.objects.tree(raw.tree) === undefined) throw unprocessable("Tree SHA does not exist");
  if (raw.parents.some((parent) => repository.objects.commit(parent) === undefined))
    throw unprocessable("Parent SHA does not exist or is not a commit object");
  const date = world.now();
  const own = raw.author === undefined && raw.committer === undefined;
  const author = raw.author ?? authorOf(raw.actor, date);
  return repository.objects.addCommit({
    tree: raw.tree,
    parents: raw.parents,
    author,
    committer: raw.committer ?? (own ? { ...GITHUB, date } : author),
    message: raw.message,
    ...(own && { signature: githubSignature() }),
  });
}
