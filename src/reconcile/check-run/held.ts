// Whether the check waits for people: it does while the label for that is on, and no less where somebody took it off whose word
// does not count. Who put it on without such a word holds nothing.

import type { CheckFacts } from "../../domain/check/facts.ts";
import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import { HOLD_LABEL } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryContext } from "../context.ts";
import { putLabelBack } from "../repository/put-label-back.ts";
import { LOOKBACK_MS } from "../repository/stale-read.ts";
import { lastStrangersChange } from "../repository/strangers-label.ts";

type Head = Pick<CheckedPullRequest, "number" | "labels" | "check">;
type Place = Pick<RepositoryContext, "repository" | "deps">;

/** Asks GitHub nothing where the label is as it was when the pull request was judged last. Puts it back. */
export async function heldBy(head: Head, place: Place): Promise<CheckFacts["held"]> {
  const { number, labels } = head;
  const isOn = labels.includes(HOLD_LABEL);
  const asRead = isOn ? "labelled" : undefined;
  const was = await wasHeld(head, place);
  if (isOn === was) return asRead;
  const change = await lastStrangersChange({ number, label: HOLD_LABEL }, place);
  if ((change?.action === "labeled") !== isOn || !change) return asRead;
  // Nothing is on record: whoever put it on then may have left since.
  if (was === undefined && change.at < new Date(place.deps.clock().getTime() - LOOKBACK_MS)) return asRead;
  const isBack = await putLabelBack(change, place);
  if (isOn) return isBack ? undefined : "labelled";
  return isBack ? "labelled" : "taken-off";
}

/** Where the database was lost, a check that waits may have waited for that; `undefined` where the label may be why. */
async function wasHeld(
  { number, check, labels }: Head,
  { repository, deps }: Place,
): Promise<boolean | undefined> {
  const known = await deps.store.checks.of({ repositoryId: repository.id, number });
  if (known) return known.isHeld;
  return labels.includes(HOLD_LABEL) ? undefined : check?.completed === false;
}
