// Until when, and why, a freeze holds deployments back.

import type { Freeze } from "../model/config/config.ts";

/** The end of the freeze that `at` falls into, and of those that go on where it ends; `undefined` outside of any. */
export function frozenUntil(freezes: readonly Freeze[], at: Date): Date | undefined {
  let until: Date | undefined;
  for (let moment = at; ; ) {
    const ends = freezes
      .filter(({ from, to }) => from <= moment && moment < to)
      .map(({ to }) => to.getTime());
    if (ends.length === 0) return until;
    moment = new Date(Math.max(...ends));
    until = moment;
  }
}

/** The end and the reason of the freeze that `at` falls into: of several, of the one that ends last. */
export function freezeAt(
  freezes: readonly Freeze[],
  at: Date,
): { readonly until: Date; readonly reason: string } | undefined {
  const until = frozenUntil(freezes, at);
  const last = freezes.find(({ to }) => to.getTime() === until?.getTime());
  return until && last && { until, reason: last.reason };
}
