// Whether the check waits for people: it does while the label for that is on, and no less where somebody took it off whose word
// does not count.

import type { CheckFacts } from "../../domain/check/facts.ts";
import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import { HOLD_LABEL } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryContext } from "../context.ts";
import { putLabelBack } from "../repository/put-label-back.ts";

/** Asks GitHub nothing where the label is on, or was not on when the pull request was judged last. Puts it back. */
export async function heldBy(
  head: Pick<CheckedPullRequest, "number" | "labels" | "check">,
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<CheckFacts["held"]> {
  if (head.labels.includes(HOLD_LABEL)) return "labelled";
  const { number } = head;
  const known = await deps.store.checks.of({ repositoryId: repository.id, number });
  // Where the database was lost, a check that waits may have waited for that.
  if (!(known?.isHeld ?? head.check?.completed === false)) return undefined;
  const github = deps.github.in(repository);
  const last = await github.lastLabelChange(number, HOLD_LABEL);
  if (last?.action !== "unlabeled" || last.person === undefined) return undefined;
  if (await github.mayWrite(last.person)) return undefined;
  const isBack = await putLabelBack(
    { number, label: HOLD_LABEL, action: "unlabeled", person: last.person },
    { repository, deps },
  );
  return isBack ? "labelled" : "taken-off";
}
