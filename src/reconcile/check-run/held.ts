// Whether the check stays pending for the hold label: while the label is on, and also when somebody without write
// access took it off. A label that was put on without write access holds nothing.

import type { CheckFacts } from "../../domain/check/facts.ts";
import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import { HOLD_LABEL } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryContext } from "../context.ts";
import { putLabelBack } from "../repository/put-label-back.ts";
import { LOOKBACK_MS } from "../repository/stale-read.ts";
import { lastStrangersChange } from "../repository/strangers-label.ts";

type Head = Pick<CheckedPullRequest, "number" | "labels" | "check">;
type Place = Pick<RepositoryContext, "repository" | "deps">;

/** No request while the label is as it was at the last judgement. Puts an unauthorized change of the label back. */
export async function heldBy(head: Head, place: Place): Promise<CheckFacts["held"]> {
  const { number, labels } = head;
  const isOn = labels.includes(HOLD_LABEL);
  const asRead = isOn ? "labelled" : undefined;
  const was = await wasHeld(head, place);
  if (isOn === was) return asRead;
  const change = await lastStrangersChange({ number, label: HOLD_LABEL }, place);
  if ((change?.action === "labeled") !== isOn || !change) return asRead;
  // No previous state on record and the change is old: the person may have had write access then and lost it since.
  if (was === undefined && change.at < new Date(place.deps.clock().getTime() - LOOKBACK_MS)) return asRead;
  const isBack = await putLabelBack(change, place);
  if (isOn) return isBack ? undefined : "labelled";
  return isBack ? "labelled" : "taken-off";
}

/**
 * Whether the pull request was held at the last judgement. Without a record (lost database), a pending check may have
 * been pending for the hold; `undefined` when the label is on and may be the reason for it.
 */
async function wasHeld(
  { number, check, labels }: Head,
  { repository, deps }: Place,
): Promise<boolean | undefined> {
  const known = await deps.store.checks.of({ repositoryId: repository.id, number });
  if (known) return known.isHeld;
  return labels.includes(HOLD_LABEL) ? undefined : check?.completed === false;
}
