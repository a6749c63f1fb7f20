// Carries a hold over: a promotion that replaces a withdrawn one under hold gets the hold label and a comment that says
// so. The withdrawn pull request loses the label once all its replacements have it.

import { HOLD_LABEL } from "../../../domain/model/github/guarded-labels.ts";
import type { ObservedBranch, ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import type { Change } from "../../../domain/model/promotion.ts";
import { heldBefore } from "../../../domain/plan/held-before.ts";
import { stillHeld } from "../../../domain/pull-request-body/comments.ts";
import type { Deps } from "../../context.ts";
import { unlessRefused } from "../../ports/github/github-refusal.ts";
import type { ObservedEnvironment, ObservedRepository } from "../observed-repository.ts";

type Successor = Pick<ObservedPullRequest, "number"> & Partial<Pick<ObservedPullRequest, "comments">>;

/**
 * Adds the label before the comment: without the comment the next run adds the label again. No request when nothing was
 * held. Rollbacks are never held this way.
 */
export async function carryHold(
  successor: Successor,
  { moves, rolledBackFrom }: Change,
  { branch, about, environment, deps }: ObservedEnvironment & { readonly branch: ObservedBranch },
): Promise<void> {
  if (rolledBackFrom) return;
  const { number, comments = [] } = successor;
  const { heldPromotions: listed = [] } = about.observed;
  const charts = moves.map(({ chart }) => chart);
  const formerName = about.work.index?.renamedFrom?.[environment.name];
  const place = { ...environment, ...(formerName !== undefined && { formerName }) };
  for (const before of heldBefore(charts, place, { branch, listed })) {
    if (before > number) continue;
    about.carriedHolds.add(before);
    const notice = stillHeld(before);
    if (comments.some(({ byApp, body }) => byApp && body.includes(notice.marker))) continue;
    const github = deps.github.in(about.repository);
    await github.addLabel(number, HOLD_LABEL);
    await unlessRefused(() => github.ensureComment(number, notice), deps);
  }
}

/** Call it when all replacements have been opened and labelled. */
export async function dropCarriedHolds(
  { carriedHolds, repository }: Pick<ObservedRepository, "carriedHolds" | "repository">,
  deps: Deps,
): Promise<void> {
  for (const number of carriedHolds)
    await unlessRefused(() => deps.github.in(repository).removeLabel(number, HOLD_LABEL), deps);
}
