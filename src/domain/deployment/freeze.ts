// The freeze that holds deployments at an instant, with its end and reason.

import type { Freeze } from "../model/config/config.ts";

/** The end of the freeze at `at`, including freezes that follow without a gap; `undefined` outside of any. */
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

/** The end and the reason of the freeze at `at`; of several, the one that ends last. */
export function freezeAt(
  freezes: readonly Freeze[],
  at: Date,
): { readonly until: Date; readonly reason: string } | undefined {
  const until = frozenUntil(freezes, at);
  const last = freezes.find(({ to }) => to.getTime() === until?.getTime());
  return until && last && { until, reason: last.reason };
}
