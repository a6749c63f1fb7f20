// Limits what one publisher may have waiting for verification, so that announcements cannot fill the disk while a chart
// repository does not answer.

import type { Publisher } from "../../domain/model/config/settings.ts";

const MIB = 2 ** 20;
/** Two thousand publishes with the maximum of values, or sixty thousand without. */
const DEFAULT_BYTES = 64 * MIB;
/** How long a count of the database is used; other replicas accept and verify publishes as well. */
const FRESH_MS = 60_000;
/** The same for a count that leaves no room. */
const FULL_FRESH_MS = 5_000;

/** A publisher's publishes waiting for verification. */
export interface WaitingCount {
  readonly count: number;
  readonly bytes: number;
}

export interface Full {
  /** The last count. */
  readonly waiting: WaitingCount;
  readonly mostBytes: number;
}

interface Counted {
  readonly at: number;
  readonly waiting: Promise<WaitingCount>;
  /** Accepted since the last count; the next count shows what was verified meanwhile. */
  takenBytes: number;
}

/** Per process: the next count includes other replicas' publishes. */
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

  /** Reserves room for this many bytes, or returns why there is none. Callers that are no publisher have no limit. */
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
