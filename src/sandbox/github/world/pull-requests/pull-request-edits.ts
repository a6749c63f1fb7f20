// Changes of open pull requests: texts, base, draft, reviewers.

import type { Account, PullRequest } from "../records.ts";
import { unprocessable } from "../refusal.ts";
import type { Repository } from "../repositories/repository.ts";
import { checkTexts } from "../texts.ts";
import type { World } from "../world.ts";
import { emitPull, invalid, type PullRequestAct, putPull } from "./pull-requests.ts";

export interface Edit extends PullRequestAct {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly base?: string | undefined;
}

export function editPullRequest(
  world: World,
  repository: Repository,
  { number, actor, ...edit }: Edit,
): PullRequest {
  checkTexts(edit);
  const pull = repository.mustPull(number);
  const base = edit.base === undefined ? undefined : repository.branch(edit.base);
  if (edit.base !== undefined && base === undefined) throw invalid("base");
  const changes = {
    ...(edit.title !== undefined && edit.title !== pull.title && { title: { from: pull.title } }),
    ...(edit.body !== undefined && edit.body !== pull.body && { body: { from: pull.body } }),
    ...(base !== undefined &&
      edit.base !== pull.base.branch && {
        base: { ref: { from: pull.base.branch }, sha: { from: pull.base.oid } },
      }),
  };
  if (Object.keys(changes).length === 0) return pull;
  putPull(world, repository, {
    number,
    title: edit.title ?? pull.title,
    body: edit.body ?? pull.body,
    base: base === undefined ? pull.base : { branch: edit.base ?? pull.base.branch, oid: base },
  });
  emitPull(world, repository, { number, action: "edited", actor, more: { changes } });
  return repository.mustPull(number);
}

export function setDraft(
  world: World,
  repository: Repository,
  { number, actor, draft }: PullRequestAct & { draft: boolean },
): void {
  if (repository.mustPull(number).draft === draft) return;
  putPull(world, repository, { number, draft });
  emitPull(world, repository, { number, action: draft ? "converted_to_draft" : "ready_for_review", actor });
}

/** `replace` removes reviewers that are not named. Teams are added. */
export function requestReviewers(
  world: World,
  repository: Repository,
  request: PullRequestAct & { reviewers: readonly Account[]; teams: readonly string[]; replace: boolean },
): void {
  const { number, actor, reviewers } = request;
  const pull = repository.mustPull(number);
  if (reviewers.some(({ id }) => id === pull.author.id))
    throw unprocessable("Review cannot be requested from pull request author.");
  const kept = request.replace ? [] : pull.reviewers;
  const added = reviewers.filter((one) => !kept.some(({ id }) => id === one.id));
  const requested = added.filter((one) => !pull.reviewers.some(({ id }) => id === one.id));
  const teams = [...new Set([...pull.teams, ...request.teams])];
  putPull(world, repository, { number, reviewers: [...kept, ...added], teams });
  for (const { login, id } of requested) {
    const more = { requested_reviewer: { login, id, type: "User" } };
    emitPull(world, repository, { number, action: "review_requested", actor, more });
  }
  for (const slug of teams.slice(pull.teams.length)) {
    const more = { requested_team: { slug, name: slug } };
    emitPull(world, repository, { number, action: "review_requested", actor, more });
  }
}
