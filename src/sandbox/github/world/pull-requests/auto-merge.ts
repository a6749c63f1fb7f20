// GitHub's auto-merge: enabled on a pull request that cannot be merged yet; GitHub merges it once it can.

import type { Account, MergeMethod } from "../records.ts";
import { unprocessable } from "../refusal.ts";
import type { Repository } from "../repositories/repository.ts";
import { rulesFor } from "../repositories/rules.ts";
import type { World } from "../world.ts";
import { mergePullRequest } from "./merge.ts";
import { obstacles, requiredChecks } from "./mergeability.ts";
import { emitPull, putPull } from "./pull-requests.ts";

export interface AutoMergeRequest {
  readonly number: number;
  readonly method: MergeMethod;
  readonly actor: Account;
  readonly expectedHeadOid?: string | undefined;
  readonly headline?: string | undefined;
  readonly message?: string | undefined;
}

export function enableAutoMerge(world: World, repository: Repository, request: AutoMergeRequest): void {
  const { number, method, actor, expectedHeadOid, headline, message } = request;
  const pull = repository.mustPull(number);
  if (!repository.settings.allowAutoMerge)
    throw unprocessable("Auto merge is not allowed for this repository");
  if (pull.state !== "open") throw unprocessable("Pull request is closed");
  if (pull.draft) throw unprocessable("Pull request is in draft state");
  if (expectedHeadOid !== undefined && expectedHeadOid !== pull.head.oid)
    throw unprocessable(`Expected head oid ${expectedHeadOid} but it was ${pull.head.oid}`);
  if (isUnprotected(repository, pull.base.branch))
    throw unprocessable("Pull request Protected branch rules not configured for this branch");
  if (obstacles(repository, pull).length === 0)
    throw unprocessable("Pull request Pull request is in clean status");
  const autoMerge = {
    ...{ method, by: actor, at: world.now() },
    ...(headline !== undefined && { headline }),
    ...(message !== undefined && { message }),
  };
  putPull(world, repository, { number, autoMerge });
  emitPull(world, repository, { number, action: "auto_merge_enabled", actor });
}

function isUnprotected(repository: Repository, branch: string): boolean {
  const asks = rulesFor(repository, branch).some(({ approvals, mergeQueue }) => approvals > 0 || mergeQueue);
  return !asks && requiredChecks(repository, branch).length === 0;
}

export function disableAutoMerge(
  world: World,
  repository: Repository,
  { number, actor }: { readonly number: number; readonly actor: Account },
): void {
  const { autoMerge, ...pull } = repository.mustPull(number);
  if (autoMerge === undefined) throw unprocessable("Pull request Auto merge is not enabled");
  repository.threads.set(number, { ...pull, updatedAt: world.now() });
  emitPull(world, repository, {
    number,
    action: "auto_merge_disabled",
    actor,
    more: { reason: "disabled manually" },
  });
}

/** Merges every ready pull request in the name of the person who enabled it. */
export function mergeWhatIsReady(world: World, repository: Repository): void {
  for (const { number } of repository.pulls()) {
    const pull = repository.mustPull(number);
    if (pull.state !== "open" || pull.autoMerge === undefined || obstacles(repository, pull).length > 0)
      continue;
    const { method, by, headline, message } = pull.autoMerge;
    mergePullRequest(world, repository, { number, method, actor: by, headline, message });
  }
}
