// Whether a pull request may go out in spite of a freeze: it has the label, from somebody whose word counts.

import { EMERGENCY_LABEL } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryContext } from "../context.ts";
import { putLabelBack } from "./put-label-back.ts";
import { lastStrangersChange } from "./strangers-label.ts";

/** Asks GitHub nothing without the label, and takes it off where it counts for nothing. */
export async function isEmergency(
  { number, labels }: { readonly number: number; readonly labels: readonly string[] },
  place: Pick<RepositoryContext, "repository" | "deps">,
): Promise<boolean> {
  if (!labels.includes(EMERGENCY_LABEL)) return false;
  const change = await lastStrangersChange({ number, label: EMERGENCY_LABEL }, place);
  if (!change) return true;
  if (change.action === "labeled") await putLabelBack(change, place);
  return false;
}
