// Merges a pull request with any of GitHub's three methods.

import { commitsBetween } from "../../git/history.ts";
import { mergeTrees } from "../../git/merge-trees.ts";
import type { Signature } from "../../git/object-store.ts";
import { authorOf, GITHUB, githubSignature } from "../identities.ts";
import type { Account, MergeMethod, PullRequest } from "../records.ts";
import { Refusal } from "../refusal.ts";
import { applyMove, checkMovable } from "../repositories/branches.ts";
import type { Repository } from "../repositories/repository.ts";
import type { World } from "../world.ts";
import { mergeCommits, obstacles, trialMerge } from "./mergeability.ts";
import { emitPull, recordMerge } from "./pull-requests.ts";

export interface MergeRequest {
  readonly number: number;
  readonly method: MergeMethod;
  readonly actor: Account;
  readonly headline?: string | undefined;
  readonly message?: string | undefined;
  /** Merge in spite of missing reviews and checks, as an administrator may. */
  readonly asAdministrator?: boolean | undefined;
}

/** Merges, moves the base branch and returns the merge commit. */
export function mergePullRequest(world: World, repository: Repository, request: MergeRequest): string {
  const pull = repository.mustPull(request.number);
  if (pull.merge !== undefined || pull.state !== "open")
    throw new Refusal("NOT_ALLOWED", "Pull Request is not mergeable");
  const blocking = request.asAdministrator ? conflictOnly(repository, pull) : obstacles(repository, pull);
  if (blocking[0] !== undefined) throw new Refusal("NOT_ALLOWED", blocking[0]);
  const base = repository.branch(pull.base.branch) ?? pull.base.oid;
  const oid = mergedCommit(world, repository, { ...request, pull, base });
  const move = { ref: `refs/heads/${pull.base.branch}`, to: oid, actor: request.actor, merging: true };
  checkMovable(repository, move);
  recordMerge(world, repository, { number: pull.number, oid, actor: request.actor });
  applyMove(world, repository, move);
  emitPull(world, repository, { number: pull.number, action: "closed", actor: request.actor });
  if (repository.settings.deleteBranchOnMerge) deleteHead(world, repository, { pull, actor: request.actor });
  return oid;
}

function conflictOnly(repository: Repository, pull: PullRequest): readonly string[] {
  return trialMerge(repository, pull).kind === "conflict" ? ["Pull Request is not mergeable"] : [];
}

function deleteHead(
  world: World,
  repository: Repository,
  { pull, actor }: { pull: PullRequest; actor: Account },
): void {
  const ref = `refs/heads/${pull.head.branch}`;
  if (pull.head.repositoryId === repository.id && repository.refs.has(ref))
    applyMove(world, repository, { ref, to: "0".repeat(40), actor });
}

export interface Making extends Omit<MergeRequest, "number"> {
  readonly pull: PullRequest;
  /** Parent of the new commit. */
  readonly base: string;
}

/** Writes the commits of a merge method onto `base` and returns the last one; moves no ref. */
export function mergedCommit(world: World, repository: Repository, making: Making): string {
  if (making.method === "rebase") return rebased(world, repository, making);
  const { pull, base, actor } = making;
  const merged = mergeCommits(repository, base, pull.head.oid);
  if (merged.kind === "conflict") throw new Refusal("NOT_ALLOWED", "Pull Request is not mergeable");
  const squash = making.method === "squash";
  const headline =
    making.headline ?? (squash ? `${pull.title} (#${pull.number})` : mergeHeadline(world, pull));
  const message = making.message ?? (squash ? squashMessage(repository, base, pull) : pull.title);
  const date = world.now();
  return repository.objects.addCommit({
    tree: merged.tree,
    parents: squash ? [base] : [base, pull.head.oid],
    author: authorOf(squash ? pull.author : actor, date),
    committer: { ...GITHUB, date },
    message: message === "" ? headline : `${headline}\n\n${message}`,
    signature: githubSignature(),
  });
}

function mergeHeadline(world: World, pull: PullRequest): string {
  const owner = world.repositories.get(pull.head.repositoryId)?.owner.login ?? "unknown";
  return `Merge pull request #${pull.number} from ${owner}/${pull.head.branch}`;
}

function squashMessage(repository: Repository, base: string, pull: PullRequest): string {
  const messages = commitsBetween(repository.objects, base, pull.head.oid).map(
    (oid) => repository.objects.mustCommit(oid).message,
  );
  if (messages.length === 1) return messages[0]?.split("\n").slice(2).join("\n").trim() ?? "";
  return messages.map((message) => `* ${message.trim()}`).join("\n\n");
}

/**
 * Writes each commit again on top of the base, unsigned, with its author; never with its old id, even within the same
 * second.
 */
function rebased(world: World, repository: Repository, { pull, base, actor }: Making): string {
  const { objects } = repository;
  let onto = base;
  for (const oid of commitsBetween(objects, base, pull.head.oid)) {
    const commit = objects.mustCommit(oid);
    const [parent] = commit.parents;
    if (commit.parents.length !== 1 || parent === undefined)
      throw new Refusal("NOT_ALLOWED", "This branch can't be rebased");
    const tree = replayed(repository, { parent, oid, onto });
    const date = Math.max(world.now().getTime(), commit.committer.date.getTime() + 1000);
    const committer: Signature = authorOf(actor, new Date(date));
    onto = objects.addCommit({
      tree,
      parents: [onto],
      author: commit.author,
      committer,
      message: commit.message,
    });
  }
  return onto;
}

function replayed(
  repository: Repository,
  { parent, oid, onto }: { parent: string; oid: string; onto: string },
): string {
  const { objects } = repository;
  const tree = (commit: string) => objects.mustCommit(commit).tree;
  const merged = mergeTrees(objects, { base: tree(parent), ours: tree(onto), theirs: tree(oid) });
  if (merged.kind === "conflict")
    throw new Refusal("NOT_ALLOWED", "This branch can't be rebased due to conflicts");
  return merged.tree;
}
