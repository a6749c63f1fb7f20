// The merge queue: pull requests are stacked on a branch of their own, checked together, and merged at once.

import { pushedCommitJson } from "../../shapes/push.ts";
import type { Account, MergeMethod } from "../records.ts";
import { unprocessable } from "../refusal.ts";
import { applyMove } from "../repositories/branches.ts";
import type { Repository } from "../repositories/repository.ts";
import type { World } from "../world.ts";
import { mergedCommit } from "./merge.ts";
import { emitPull, putPull, recordMerge } from "./pull-requests.ts";

const ZERO = "0".repeat(40);

export interface MergeGroup {
  readonly base: string;
  readonly baseOid: string;
  /** `gh-readonly-queue/main/pr-7-<oid of the base>`. */
  readonly branch: string;
  readonly headOid: string;
  readonly method: MergeMethod;
  /** In the order of the queue, with their merge commits. */
  readonly members: readonly { readonly number: number; readonly oid: string }[];
}

/** Queues pull requests of one base branch as one group and asks for its checks. */
export function enqueue(
  world: World,
  repository: Repository,
  {
    numbers,
    method,
    actor,
  }: { readonly numbers: readonly number[]; readonly method: MergeMethod; readonly actor: Account },
): MergeGroup {
  const last = numbers.at(-1);
  if (last === undefined) throw unprocessable("nothing to queue");
  const base = repository.mustPull(last).base.branch;
  const baseOid = repository.branch(base) ?? ZERO;
  let onto = baseOid;
  const members = numbers.map((number) => {
    const pull = repository.mustPull(number);
    if (pull.base.branch !== base || pull.state !== "open")
      throw unprocessable(`#${number} cannot be queued`);
    onto = mergedCommit(world, repository, { pull, base: onto, method, actor });
    return { number, oid: onto };
  });
  const branch = `gh-readonly-queue/${base}/pr-${last}-${baseOid}`;
  for (const number of numbers) {
    putPull(world, repository, { number, queued: true });
    emitPull(world, repository, { number, action: "enqueued", actor });
  }
  applyMove(world, repository, { ref: `refs/heads/${branch}`, to: onto, actor });
  const group = { base, baseOid, branch, headOid: onto, method, members };
  emitGroup(world, repository, { group, action: "checks_requested", actor });
  return group;
}

/** The checks succeeded: one push brings the whole group to the base. */
export function mergeGroup(
  world: World,
  repository: Repository,
  { group, actor }: { group: MergeGroup; actor: Account },
): void {
  if (repository.branch(group.base) !== group.baseOid)
    throw unprocessable("the base moved: the group is invalid");
  for (const { number, oid } of group.members) recordMerge(world, repository, { number, oid, actor });
  applyMove(world, repository, { ref: `refs/heads/${group.base}`, to: group.headOid, actor });
  for (const { number } of group.members) {
    emitPull(world, repository, { number, action: "closed", actor });
    emitPull(world, repository, { number, action: "dequeued", actor, more: { reason: "MERGE" } });
  }
  finish(world, repository, { group, reason: "merged", actor });
}

/** The checks failed: nothing is merged and the pull requests leave the queue. */
export function dropGroup(
  world: World,
  repository: Repository,
  { group, actor }: { group: MergeGroup; actor: Account },
): void {
  for (const { number } of group.members) {
    putPull(world, repository, { number, queued: false });
    emitPull(world, repository, { number, action: "dequeued", actor, more: { reason: "CI_FAILURE" } });
  }
  finish(world, repository, { group, reason: "dequeued", actor });
}

interface Telling {
  readonly group: MergeGroup;
  readonly actor: Account;
}

function finish(
  world: World,
  repository: Repository,
  { group, reason, actor }: Telling & { reason: string },
): void {
  emitGroup(world, repository, { group, action: "destroyed", actor, reason });
  applyMove(world, repository, { ref: `refs/heads/${group.branch}`, to: ZERO, actor });
}

function emitGroup(
  world: World,
  repository: Repository,
  { group, action, actor, reason }: Telling & { readonly action: string; readonly reason?: string },
): void {
  const payload = {
    ...(reason !== undefined && { reason }),
    merge_group: {
      head_sha: group.headOid,
      head_ref: `refs/heads/${group.branch}`,
      base_sha: group.baseOid,
      base_ref: `refs/heads/${group.base}`,
      head_commit: pushedCommitJson(world, repository, group.headOid),
    },
  };
  world.emit({ name: "merge_group", action, repository, sender: actor, payload });
}
