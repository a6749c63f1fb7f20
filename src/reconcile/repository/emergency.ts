// Whether a pull request may go out in spite of a freeze: it has the label, from somebody whose word counts.

import { EMERGENCY_LABEL } from "../../domain/model/github/guarded-labels.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";

/**
 * Asks GitHub nothing without the label. A label from a bot counts: it was given the right to write labels. So does one of
 * which GitHub shows no event; who may not put it on is found by the webhook as well, and it is put back.
 */
export async function isEmergency(
  { number, labels }: { readonly number: number; readonly labels: readonly string[] },
  { repository, deps }: { readonly repository: ConfigRepository; readonly deps: Deps },
): Promise<boolean> {
  if (!labels.includes(EMERGENCY_LABEL)) return false;
  const github = deps.github.in(repository);
  const last = await github.lastLabelChange(number, EMERGENCY_LABEL);
  return last?.person === undefined || github.mayWrite(last.person);
}
