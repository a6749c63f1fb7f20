// Fairness: higher priority first, and within one priority owners take turns. No owner gets all places.

import type { Waiting } from "./claims.ts";

export interface Places {
  readonly free: number;
  /** The most places for one owner at a time. */
  readonly ofOwner: number;
  /** Places in use, by owner. */
  readonly used: ReadonlyMap<string, number>;
}

/** Items without owner are the server's own upkeep, a handful of keys. */
const NOBODY = "";

export class Turns {
  /** By owner, number of its last turn. */
  readonly #last = new Map<string, number>();
  #turn = 0;

  /** `waiting` has each owner's items in the order in which they should run. */
  pick(waiting: readonly Waiting[], { free, ofOwner, used }: Places): readonly Waiting[] {
    const picked: Waiting[] = [];
    const inUse = new Map(used);
    for (const lanes of byPriority(waiting)) {
      while (picked.length < free) {
        const lane = this.#next(lanes, (owner) => owner === NOBODY || (inUse.get(owner) ?? 0) < ofOwner);
        const one = lane?.shift();
        if (one === undefined) break;
        picked.push(one);
        inUse.set(one.owner, (inUse.get(one.owner) ?? 0) + 1);
        this.#last.set(one.owner, ++this.#turn);
      }
    }
    return picked;
  }

  #next(
    lanes: ReadonlyMap<string, Waiting[]>,
    mayHaveOneMore: (owner: string) => boolean,
  ): Waiting[] | undefined {
    let [next, longestAgo]: [Waiting[] | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
    for (const [owner, lane] of lanes) {
      const last = this.#last.get(owner) ?? 0;
      if (lane.length > 0 && last < longestAgo && mayHaveOneMore(owner)) [next, longestAgo] = [lane, last];
    }
    return next;
  }
}

/** Highest first; for each priority, the waiting items by owner. */
function byPriority(waiting: readonly Waiting[]): readonly ReadonlyMap<string, Waiting[]>[] {
  const priorities = new Map<number, Map<string, Waiting[]>>();
  for (const one of waiting) {
    const lanes = priorities.get(one.priority) ?? new Map<string, Waiting[]>();
    priorities.set(one.priority, lanes.set(one.owner, [...(lanes.get(one.owner) ?? []), one]));
  }
  return [...priorities].sort(([one], [other]) => other - one).map(([, lanes]) => lanes);
}
