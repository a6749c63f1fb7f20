// Whether a pull request may be deployed during a freeze: it has the emergency label, put on by somebody with write
// access.

import { EMERGENCY_LABEL } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryContext } from "../context.ts";
import { putLabelBack } from "./put-label-back.ts";
import { lastStrangersChange } from "./strangers-label.ts";

/** No request without the label. Removes a label that was put on without write access. */
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
