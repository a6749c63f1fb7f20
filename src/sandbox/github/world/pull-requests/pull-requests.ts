// The life cycle of a pull request: opened, updated, edited, closed, reopened, merged.

import { isContained } from "../../git/history.ts";
import { pullRequestJson } from "../../shapes/pull-request.ts";
import type { Account, PullRequest } from "../records.ts";
import { Refusal, unprocessable } from "../refusal.ts";
import type { Repository } from "../repositories/repository.ts";
import { checkTexts } from "../texts.ts";
import type { World } from "../world.ts";

export interface Opening {
  readonly title: string;
  readonly body: string;
  readonly base: string;
  /** `branch`, or `owner:branch` of a fork. */
  readonly head: string;
  readonly draft: boolean;
  readonly maintainerCanModify: boolean;
  readonly actor: Account;
}

/** Sends the webhook of one pull request. */
export function emitPull(
  world: World,
  repository: Repository,
  about: {
    readonly number: number;
    readonly action: string;
    readonly actor: Account;
    readonly more?: object;
  },
): void {
  const pull = repository.mustPull(about.number);
  const payload = {
    number: pull.number,
    pull_request: pullRequestJson(world, repository, pull),
    ...about.more,
  };
  world.emit({ name: "pull_request", action: about.action, repository, sender: about.actor, payload });
}

export function openPullRequest(world: World, repository: Repository, opening: Opening): PullRequest {
  mustBeWritable(repository);
  checkTexts(opening);
  const { repository: from, branch } = headOf(world, repository, opening.head);
  const head = from.branch(branch);
  const base = repository.branch(opening.base);
  if (base === undefined) throw invalid("base");
  if (head === undefined) throw invalid("head");
  const open = repository
    .pulls()
    .some(
      (pull) =>
        pull.state === "open" &&
        pull.head.repositoryId === from.id &&
        pull.head.branch === branch &&
        pull.base.branch === opening.base,
    );
  if (open) throw unprocessable(`A pull request already exists for ${from.owner.login}:${branch}.`);
  if (isContained(repository.objects, head, base))
    throw unprocessable(`No commits between ${opening.base} and ${opening.head}`);
  const now = world.now();
  const pull: PullRequest = {
    kind: "pull-request",
    number: repository.nextNumber++,
    id: world.newId(),
    title: opening.title,
    body: opening.body,
    state: "open",
    author: opening.actor,
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    draft: opening.draft,
    maintainerCanModify: opening.maintainerCanModify,
    head: { repositoryId: from.id, branch, oid: head },
    base: { branch: opening.base, oid: base },
    reviewers: [],
    teams: [],
    queued: false,
  };
  repository.threads.set(pull.number, pull);
  emitPull(world, repository, { number: pull.number, action: "opened", actor: opening.actor });
  return pull;
}

export function invalid(field: string): Refusal {
  return new Refusal("UNPROCESSABLE", "Validation Failed", [
    { resource: "PullRequest", field, code: "invalid" },
  ]);
}

function headOf(
  world: World,
  repository: Repository,
  head: string,
): { repository: Repository; branch: string } {
  const colon = head.indexOf(":");
  if (colon === -1) return { repository, branch: head };
  const owner = head.slice(0, colon).toLowerCase();
  const from = [...world.repositories.values()].find(
    (other) =>
      other.owner.login.toLowerCase() === owner &&
      (other === repository || other.parent?.id === repository.id),
  );
  if (from === undefined) throw invalid("head");
  return { repository: from, branch: head.slice(colon + 1) };
}

export function mustBeWritable(repository: Repository): void {
  if (repository.archived) throw new Refusal("FORBIDDEN", "Repository was archived so is read-only.");
}

/** Replaces the record. */
export function putPull(
  world: World,
  repository: Repository,
  { number, ...change }: { readonly number: number } & Partial<PullRequest>,
): PullRequest {
  const pull: PullRequest = { ...repository.mustPull(number), ...change, updatedAt: world.now() };
  repository.threads.set(number, pull);
  return pull;
}

export interface PullRequestAct {
  readonly number: number;
  readonly actor: Account;
}

/** The head branch has moved to `oid`. If the base contains it, GitHub closes the pull request. */
export function followHead(
  world: World,
  repository: Repository,
  { number, oid, actor }: PullRequestAct & { oid: string },
): void {
  const pull = repository.mustPull(number);
  const base = repository.branch(pull.base.branch) ?? pull.base.oid;
  putPull(world, repository, {
    number,
    head: { ...pull.head, oid },
    base: { ...pull.base, oid: base },
    queued: false,
  });
  if (pull.queued)
    emitPull(world, repository, { number, action: "dequeued", actor, more: { reason: "MANUAL" } });
  const more = { before: pull.head.oid, after: oid };
  emitPull(world, repository, { number, action: "synchronize", actor, more });
  if (isContained(repository.objects, oid, base)) closePullRequest(world, repository, { number, actor });
}

export function closePullRequest(
  world: World,
  repository: Repository,
  { number, actor }: PullRequestAct,
): PullRequest {
  const pull = repository.mustPull(number);
  if (pull.state === "closed") return pull;
  const { autoMerge, ...rest } = pull;
  repository.threads.set(number, {
    ...rest,
    state: "closed",
    queued: false,
    closedAt: world.now(),
    closedBy: actor,
    updatedAt: world.now(),
  });
  if (autoMerge !== undefined) emitPull(world, repository, { number, action: "auto_merge_disabled", actor });
  emitPull(world, repository, { number, action: "closed", actor });
  return repository.mustPull(number);
}

export function reopenPullRequest(
  world: World,
  repository: Repository,
  { number, actor }: PullRequestAct,
): PullRequest {
  const pull = repository.mustPull(number);
  if (pull.state === "open") return pull;
  mustBeWritable(repository);
  const from = world.repositories.get(pull.head.repositoryId);
  const head = from?.branch(pull.head.branch);
  if (pull.merge !== undefined || head === undefined) throw unprocessable("Could not open the pull request.");
  const base = repository.branch(pull.base.branch);
  if (base === undefined || isContained(repository.objects, head, base))
    throw unprocessable(`No commits between ${pull.base.branch} and ${pull.head.branch}`);
  const other = repository
    .pulls()
    .some(
      ({ state, head: taken }) =>
        state === "open" && taken.repositoryId === from?.id && taken.branch === pull.head.branch,
    );
  if (other)
    throw unprocessable(`A pull request already exists for ${from?.owner.login}:${pull.head.branch}.`);
  const { closedAt: _at, closedBy: _by, ...rest } = pull;
  repository.threads.set(number, {
    ...rest,
    state: "open",
    head: { ...pull.head, oid: head },
    base: { ...pull.base, oid: base },
    updatedAt: world.now(),
  });
  emitPull(world, repository, { number, action: "reopened", actor });
  return repository.mustPull(number);
}

/** Closes it as merged at the commit `oid` of its base branch, which already has its changes. */
export function markMerged(
  world: World,
  repository: Repository,
  merged: PullRequestAct & { readonly oid: string },
): void {
  recordMerge(world, repository, merged);
  emitPull(world, repository, { number: merged.number, action: "closed", actor: merged.actor });
}

/** Like `markMerged`, without sending the webhook. */
export function recordMerge(
  world: World,
  repository: Repository,
  { number, oid, actor }: PullRequestAct & { readonly oid: string },
): void {
  const at = world.now();
  putPull(world, repository, {
    number,
    state: "closed",
    queued: false,
    merge: { at, by: actor, oid },
    closedAt: at,
    closedBy: actor,
  });
}
