// How much a publisher may announce: a bucket of tokens for each, so that a burst is taken and a flood is not.

import type { Publisher } from "../../domain/model/config/settings.ts";
import { type Bucket, refilled, untilToken } from "../../domain/model/token-bucket.ts";

/** A release of every chart of a large team at once, and two a second in the long run. */
const DEFAULT = { perMinute: 120, burst: 600 };

/** Of one process: each replica has its own. */
export class Quotas {
  readonly #publishers: () => readonly Pick<Publisher, "name" | "quota">[];
  readonly #buckets = new Map<string, Bucket>();

  constructor(publishers: () => readonly Pick<Publisher, "name" | "quota">[]) {
    this.#publishers = publishers;
  }

  /** Milliseconds to wait for the next token; `undefined` when one was taken. Who is no publisher has no quota. */
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
