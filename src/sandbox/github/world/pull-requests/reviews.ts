// Reviews of pull requests, given and dismissed.

import { pullRequestJson } from "../../shapes/pull-request.ts";
import { reviewJson } from "../../shapes/review.ts";
import type { Account, Review, ReviewState } from "../records.ts";
import { unprocessable } from "../refusal.ts";
import type { Repository } from "../repositories/repository.ts";
import type { World } from "../world.ts";
import { putPull } from "./pull-requests.ts";

export function submitReview(
  world: World,
  repository: Repository,
  { number, actor, state, body }: { number: number; actor: Account; state: ReviewState; body: string },
): Review {
  const pull = repository.mustPull(number);
  if (state === "APPROVED" && pull.author.id === actor.id)
    throw unprocessable("Can not approve your own pull request");
  const submittedAt = world.now();
  const review = {
    id: world.newId(),
    number,
    author: actor,
    state,
    body,
    commitOid: pull.head.oid,
    submittedAt,
  };
  repository.reviews.set(review.id, review);
  putPull(world, repository, { number, reviewers: pull.reviewers.filter(({ id }) => id !== actor.id) });
  emitReview(world, repository, { review, actor, action: "submitted" });
  return review;
}

export function dismissReview(
  world: World,
  repository: Repository,
  { id, actor }: { id: number; actor: Account },
): void {
  const review = repository.reviews.get(id);
  if (review === undefined) throw unprocessable("Review does not exist");
  const dismissed: Review = { ...review, state: "DISMISSED" };
  repository.reviews.set(id, dismissed);
  emitReview(world, repository, { review: dismissed, actor, action: "dismissed" });
}

function emitReview(
  world: World,
  repository: Repository,
  { review, actor, action }: { review: Review; actor: Account; action: string },
): void {
  const pull = repository.mustPull(review.number);
  const payload = {
    review: reviewJson(world, repository, review),
    pull_request: pullRequestJson(world, repository, pull),
  };
  world.emit({ name: "pull_request_review", action, repository, sender: actor, payload });
}
