// Until when a freeze holds deployments back.

import type { Freeze } from "../model/config.ts";

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

/** With this label on its pull request, a merge is deployed in spite of a freeze. */
export const EMERGENCY = "emergency";
