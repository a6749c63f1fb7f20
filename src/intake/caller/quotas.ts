// Rate limit for announcements: a token bucket per publisher, which allows bursts and stops floods.

import type { Publisher } from "../../domain/model/config/settings.ts";
import { type Bucket, refilled, untilToken } from "../../domain/model/token-bucket.ts";

/** Enough for a release of all charts of a large team at once, and two a second on average. */
const DEFAULT = { perMinute: 120, burst: 600 };

/** Per process: each replica has its own. */
export class Quotas {
  readonly #publishers: () => readonly Pick<Publisher, "name" | "quota">[];
  readonly #buckets = new Map<string, Bucket>();

  constructor(publishers: () => readonly Pick<Publisher, "name" | "quota">[]) {
    this.#publishers = publishers;
  }

  /**
   * Milliseconds until the next token; `undefined` when one was taken. Callers that are no publisher are not limited.
   */
  take(publisher: string, now: Date): number | undefined {
    const named = this.#publishers().find(({ name }) => name === publisher);
    if (named === undefined) return undefined;
    const { quota = DEFAULT } = named;
    const bucket = refilled(this.#buckets.get(publisher), quota, now.getTime());
    const waitMs = untilToken(bucket, quota);
    const tokens = waitMs === undefined ? bucket.tokens - 1 : bucket.tokens;
    this.#buckets.set(publisher, { ...bucket, tokens });
    return waitMs;
  }
}
