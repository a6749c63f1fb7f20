// Which values of an environment make no difference to what Helm renders.

import type { OwnValue } from "../../domain/pull-request-body/values/lost-defaults.ts";
import { withOtherValues, withoutValues } from "../../domain/pull-request-body/values/probe-values.ts";

/** Each asks Helm up to twice. */
const MOST_TRIALS = 12;

/**
 * Those without which, and with others in whose place, the environment renders the same. Halved until it is clear, in so few
 * trials that some may stay undecided: these are not among the answer.
 * `rendersTheSame`: with such a values file (JSON) laid over all others; false also where it does not render.
 */
export async function unreadValues(
  values: readonly OwnValue[],
  rendersTheSame: (overlay: string) => Promise<boolean>,
): Promise<readonly OwnValue[]> {
  let trials = 0;
  const groups = values.length === 0 ? [] : [values];
  const unread: OwnValue[] = [];
  for (let group = groups.pop(); group !== undefined && trials < MOST_TRIALS; group = groups.pop()) {
    trials += 1;
    const same =
      (await rendersTheSame(withoutValues(group))) && (await rendersTheSame(withOtherValues(group)));
    if (same) unread.push(...group);
    else if (group.length > 1) {
      const half = Math.ceil(group.length / 2);
      groups.push(group.slice(half), group.slice(0, half));
    }
  }
  return values.filter((value) => unread.includes(value));
}
