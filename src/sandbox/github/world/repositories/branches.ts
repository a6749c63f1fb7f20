// Moves refs, with all consequences on GitHub: push events, and pull requests that are updated, closed or merged.

import { isContained } from "../../git/history.ts";
import { pushPayload } from "../../shapes/push.ts";
import { closePullRequest, followHead, markMerged } from "../pull-requests/pull-requests.ts";
import type { Account, Activity } from "../records.ts";
import { notFound, Refusal, unprocessable } from "../refusal.ts";
import type { World } from "../world.ts";
import { requestSuite } from "./checks.ts";
import type { Repository } from "./repository.ts";
import { checkMove, checkName } from "./rules.ts";

export const ZERO = "0".repeat(40);

export interface Move {
  /** Full name, e.g. `refs/heads/main`. */
  readonly ref: string;
  /** All zeros deletes. */
  readonly to: string;
  readonly actor: Account;
  readonly force?: boolean;
  /** Merging a pull request is not a push: branch rules that require one are satisfied. */
  readonly merging?: boolean;
}

export function createRef(world: World, repository: Repository, { ref, to, actor }: Move): void {
  if (repository.refs.has(ref)) throw unprocessable(`A ref named "${ref}" already exists in the repository.`);
  if (repository.objects.commit(to) === undefined) throw unprocessable("Object does not exist");
  moveRef(world, repository, { ref, to, actor });
}

export function deleteRef(world: World, repository: Repository, { ref, actor }: Omit<Move, "to">): void {
  if (!repository.refs.has(ref)) throw unprocessable("Reference does not exist");
  moveRef(world, repository, { ref, to: ZERO, actor });
}

/** Creates, moves or deletes a ref after GitHub's checks; then sends the events. */
export function moveRef(world: World, repository: Repository, move: Move): void {
  checkMovable(repository, move);
  applyMove(world, repository, move);
}

/** Throws a Refusal unless this move is allowed as things stand. */
export function checkMovable(repository: Repository, move: Move): void {
  const { ref, to } = move;
  const from = repository.refs.get(ref);
  if (repository.archived) throw archived();
  checkName(repository, ref, from === undefined);
  checkMove(repository, { ...move, from });
  if (to === ZERO) {
    if (ref === `refs/heads/${repository.defaultBranch}`)
      throw unprocessable("Cannot delete the default branch");
    return;
  }
  if (repository.objects.commit(to) === undefined) throw unprocessable("Object does not exist");
  if (from !== undefined && move.force !== true && !isContained(repository.objects, from, to))
    throw unprocessable("Update is not a fast forward");
}

function archived(): Refusal {
  return new Refusal("FORBIDDEN", "Repository was archived so is read-only.");
}

/** Moves without checks; pull requests follow. */
export function applyMove(world: World, repository: Repository, move: Move): void {
  const { ref, to, actor } = move;
  const from = repository.refs.get(ref) ?? ZERO;
  if (from === to) return;
  if (to === ZERO) repository.refs.delete(ref);
  else repository.refs.set(ref, to);
  repository.pushedAt = world.now();
  const id = world.newId();
  const type = activityType(repository, { ...move, from });
  repository.activities.set(id, { id, ref, before: from, after: to, type, actor, at: world.now() });
  emitPush(world, repository, { ref, from, to, actor });
  if (!ref.startsWith("refs/heads/")) return;
  if (to !== ZERO) requestSuite(world, repository, { headOid: to, actor });
  const branch = ref.slice("refs/heads/".length);
  const isForced = activityType(repository, { ...move, from }) === "force_push";
  pullRequestsFollow(world, repository, { branch, to, actor, isForced });
}

function activityType(
  { objects }: Repository,
  { from, to, merging }: Move & { readonly from: string },
): Activity["type"] {
  if (from === ZERO) return "branch_creation";
  if (to === ZERO) return "branch_deletion";
  if (merging) return "pr_merge";
  return isContained(objects, from, to) ? "push" : "force_push";
}

interface Pushed {
  readonly ref: string;
  readonly from: string;
  readonly to: string;
  readonly actor: Account;
}

function emitPush(world: World, repository: Repository, { ref, from, to, actor }: Pushed): void {
  const kind = ref.startsWith("refs/tags/") ? "tag" : "branch";
  const short = ref.replace(/^refs\/(heads|tags)\//, "");
  const about = { repository, sender: actor };
  const named = { ref: short, ref_type: kind, master_branch: repository.defaultBranch, pusher_type: "user" };
  if (from === ZERO) world.emit({ ...about, name: "create", payload: named });
  if (to === ZERO) world.emit({ ...about, name: "delete", payload: named });
  world.emit({ ...about, name: "push", payload: pushPayload(world, repository, { ref, from, to, actor }) });
}

function pullRequestsFollow(
  world: World,
  repository: Repository,
  { branch, to, actor, isForced }: { branch: string; to: string; actor: Account; isForced: boolean },
): void {
  for (const target of world.repositories.values()) {
    for (const pull of target.pulls()) {
      if (pull.state !== "open") continue;
      if (pull.head.repositoryId === repository.id && pull.head.branch === branch)
        headMoved(world, target, { pull, to, actor });
      else if (target === repository && pull.base.branch === branch)
        baseMoved(world, target, { pull, to, actor, isForced });
    }
  }
}

function headMoved(
  world: World,
  repository: Repository,
  { pull, to, actor }: { pull: { number: number }; to: string; actor: Account },
): void {
  if (to === ZERO) closePullRequest(world, repository, { number: pull.number, actor });
  else followHead(world, repository, { number: pull.number, oid: to, actor });
}

/** A pull request whose commits reached its base by a push counts as merged. */
function baseMoved(
  world: World,
  repository: Repository,
  {
    pull,
    to,
    actor,
    isForced,
  }: { pull: { number: number; head: { oid: string } }; to: string; actor: Account; isForced: boolean },
): void {
  if (isForced)
    repository.threads.set(pull.number, { ...repository.mustPull(pull.number), baseForcedAt: world.now() });
  if (to === ZERO) {
    const closed = closePullRequest(world, repository, { number: pull.number, actor });
    repository.threads.set(pull.number, { ...closed, baseDeletedAt: world.now() });
  } else if (isContained(repository.objects, pull.head.oid, to))
    markMerged(world, repository, {
      number: pull.number,
      oid: arrival(repository, pull.head.oid, to),
      actor,
    });
}

/** The oldest first-parent commit that contains the head. */
function arrival({ objects }: Repository, head: string, to: string): string {
  let at = to;
  for (;;) {
    const [before] = objects.mustCommit(at).parents;
    if (at === head || before === undefined || !isContained(objects, head, before)) return at;
    at = before;
  }
}

export function mustRef(repository: Repository, ref: string): string {
  const oid = repository.refs.get(ref);
  if (oid === undefined) throw notFound(`Could not resolve to a Ref named '${ref}'.`);
  return oid;
}
