// Token bucket rate limit: allows bursts, but limits the average rate.

export interface Rate {
  readonly perMinute: number;
  /** Capacity of the bucket. */
  readonly burst: number;
}

export interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly filledAt: number;
}

const MINUTE_MS = 60_000;

/** The bucket refilled up to `at` (milliseconds since 1970); a new one is full. */
export function refilled(bucket: Bucket | undefined, { perMinute, burst }: Rate, at: number): Bucket {
  if (!bucket) return { tokens: burst, filledAt: at };
  const since = Math.max(0, at - bucket.filledAt);
  return { tokens: Math.min(burst, bucket.tokens + (since * perMinute) / MINUTE_MS), filledAt: at };
}

/** Milliseconds until the bucket has a token; `undefined` when it has one. */
export function untilToken({ tokens }: Bucket, { perMinute }: Rate): number | undefined {
  return tokens < 1 ? Math.ceil(((1 - tokens) * MINUTE_MS) / perMinute) : undefined;
}
