// A bucket of tokens: a burst is taken and a flood is not.

export interface Rate {
  readonly perMinute: number;
  /** How many there are when nothing was taken for long. */
  readonly burst: number;
}

export interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly filledAt: number;
}

const MINUTE_MS = 60_000;

/** What is in it by `at`; a new one is full. */
export function refilled(bucket: Bucket | undefined, { perMinute, burst }: Rate, at: number): Bucket {
  if (!bucket) return { tokens: burst, filledAt: at };
  const since = Math.max(0, at - bucket.filledAt);
  return { tokens: Math.min(burst, bucket.tokens + (since * perMinute) / MINUTE_MS), filledAt: at };
}

/** Milliseconds until there is a token in it; `undefined` where there is one. */
export function untilToken({ tokens }: Bucket, { perMinute }: Rate): number | undefined {
  return tokens < 1 ? Math.ceil(((1 - tokens) * MINUTE_MS) / perMinute) : undefined;
}
