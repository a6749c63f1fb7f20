// The overall result of a pull request's reviews.

import type { PullRequest, Review } from "../records.ts";
import type { Repository } from "../repositories/repository.ts";
import { rulesFor } from "../repositories/rules.ts";

/** The newest approving or rejecting review of each reviewer, oldest first. */
export function opinions(repository: Repository, number: number): readonly Review[] {
  const latest = new Map<number, Review>();
  for (const review of repository.reviews.values())
    if (review.number === number && review.state !== "COMMENTED") {
      latest.delete(review.author.id);
      latest.set(review.author.id, review);
    }
  return [...latest.values()];
}

/** Null when no review is required and none was given, as on GitHub. */
export function reviewDecision(
  repository: Repository,
  pull: PullRequest,
): "APPROVED" | "CHANGES_REQUESTED" | "REVIEW_REQUIRED" | null {
  const required = Math.max(0, ...rulesFor(repository, pull.base.branch).map(({ approvals }) => approvals));
  const states = opinions(repository, pull.number).map(({ state }) => state);
  if (required === 0) return null;
  if (states.includes("CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  return states.filter((state) => state === "APPROVED").length >= required ? "APPROVED" : "REVIEW_REQUIRED";
}
