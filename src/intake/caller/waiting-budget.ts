// How much of one publisher may wait to be verified: a chart repository that does not answer must not fill the disk with
// what is announced meanwhile.

import type { Publisher } from "../../domain/model/config/settings.ts";

const MIB = 2 ** 20;
/** Two thousand publishes with as many values as they may have, sixty thousand without. */
const DEFAULT_BYTES = 64 * MIB;
/** Others let publishes in as well, and all of them verify: how long a count is gone by. */
const FRESH_MS = 60_000;
/** How long a count is gone by that leaves no room. */
const FULL_FRESH_MS = 5_000;

/** Publishes of one publisher that wait to be verified. */
export interface WaitingCount {
  readonly count: number;
  readonly bytes: number;
}

export interface Full {
  /** What waited when it was counted last. */
  readonly waiting: WaitingCount;
  readonly mostBytes: number;
}

interface Counted {
  readonly at: number;
  readonly waiting: Promise<WaitingCount>;
  /** Taken since; what was verified meanwhile is seen by the next count. */
  takenBytes: number;
}

/** Of one process: another replica's are seen by the next count. */
export class WaitingBudget {
  readonly #publishers: () => readonly Pick<Publisher, "name" | "quota">[];
  readonly #count: (publisher: string) => Promise<WaitingCount>;
  readonly #counted = new Map<string, Counted>();

  constructor(
    publishers: () => readonly Pick<Publisher, "name" | "quota">[],
    count: (publisher: string) => Promise<WaitingCount>,
  ) {
    this.#publishers = publishers;
    this.#count = count;
  }

  /** Takes the room for so many bytes, or says why there is none. Who is no publisher has no budget. */
  async take(publisher: string, bytes: number, now: Date): Promise<Full | undefined> {
    const named = this.#publishers().find(({ name }) => name === publisher);
    if (named === undefined) return undefined;
    let full: Full | undefined;
    const mostBytes = named.quota?.waitingBytes ?? DEFAULT_BYTES;
    for (const freshMs of [FRESH_MS, FULL_FRESH_MS]) {
      const counted = this.#countedWithin(freshMs, publisher, now);
      const waiting = await counted.waiting;
      if (waiting.bytes + counted.takenBytes + bytes <= mostBytes) {
        counted.takenBytes += bytes;
        return undefined;
      }
      full = { waiting, mostBytes };
    }
    return full;
  }

  #countedWithin(ms: number, publisher: string, now: Date): Counted {
    const known = this.#counted.get(publisher);
    if (known && now.getTime() - known.at < ms) return known;
    const counted: Counted = { at: now.getTime(), waiting: this.#count(publisher), takenBytes: 0 };
    this.#counted.set(publisher, counted);
    counted.waiting.catch(() => this.#counted.delete(publisher));
    return counted;
  }
}

export function inMiB(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
