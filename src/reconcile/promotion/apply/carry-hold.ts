// What takes the place of a withdrawn promotion that people held is held from its beginning, and says so; the label leaves the
// withdrawn one once everything in its place has it.

import { HOLD_LABEL } from "../../../domain/model/github/guarded-labels.ts";
import type { ObservedBranch, ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import type { Change } from "../../../domain/model/promotion.ts";
import { heldBefore } from "../../../domain/plan/held-before.ts";
import { stillHeld } from "../../../domain/pull-request-body/comments.ts";
import type { Deps } from "../../context.ts";
import { unlessRefused } from "../../ports/github/github-refusal.ts";
import type { ObservedEnvironment, ObservedRepository } from "../observed-repository.ts";

type Successor = Pick<ObservedPullRequest, "number"> & Partial<Pick<ObservedPullRequest, "comments">>;

/** The label first: without the comment it is put on again. No request where nothing was held; a way back is let go whatever was. */
export async function carryHold(
  successor: Successor,
  { moves, rolledBackFrom }: Change,
  { branch, about, environment, deps }: ObservedEnvironment & { readonly branch: ObservedBranch },
): Promise<void> {
  if (rolledBackFrom) return;
  const { number, comments = [] } = successor;
  const { heldPromotions: listed = [] } = about.observed;
  const charts = moves.map(({ chart }) => chart);
  for (const before of heldBefore(charts, environment, { branch, listed })) {
    if (before > number) continue;
    about.carriedHolds.add(before);
    const notice = stillHeld(before);
    if (comments.some(({ byApp, body }) => byApp && body.includes(notice.marker))) continue;
    const github = deps.github.in(about.repository);
    await github.addLabel(number, HOLD_LABEL);
    await unlessRefused(() => github.ensureComment(number, notice), deps);
  }
}

/** After everything that could be opened in their place was looked at. */
export async function dropCarriedHolds(
  { carriedHolds, repository }: Pick<ObservedRepository, "carriedHolds" | "repository">,
  deps: Deps,
): Promise<void> {
  for (const number of carriedHolds)
    await unlessRefused(() => deps.github.in(repository).removeLabel(number, HOLD_LABEL), deps);
}
