// How much a publisher may announce: a bucket of tokens for each, so that a burst is taken and a flood is not.

import type { Publisher } from "../../domain/model/config/settings.ts";

/** A release of every chart of a large team at once, and two a second in the long run. */
const DEFAULT = { perMinute: 120, burst: 600 };
const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  /** Milliseconds since 1970. */
  filledAt: number;
}

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
    const at = now.getTime();
    const { tokens, filledAt } = this.#buckets.get(publisher) ?? { tokens: quota.burst, filledAt: at };
    const everyMs = MINUTE_MS / quota.perMinute;
    const filled = Math.min(quota.burst, tokens + Math.max(0, at - filledAt) / everyMs);
    const left = filled < 1 ? filled : filled - 1;
    this.#buckets.set(publisher, { tokens: left, filledAt: at });
    return filled < 1 ? Math.ceil((1 - filled) * everyMs) : undefined;
  }
}
