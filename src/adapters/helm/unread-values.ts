// Which values of an environment make no difference to Helm's rendering.

import type { OwnValue } from "../../domain/pull-request-body/values/lost-defaults.ts";
import { withOtherValues, withoutValues } from "../../domain/pull-request-body/values/probe-values.ts";

/** Each trial runs Helm up to twice. */
const MOST_TRIALS = 12;

/**
 * Values that can be removed, or replaced by others, without changing the rendering. Found by bisection in a limited
 * number of trials; undecided values are left out. `rendersTheSame`: with this values file (JSON) merged over all
 * others; also false when it does not render.
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
