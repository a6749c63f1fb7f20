// When to retry a check that waits for an answer.

import type { RetryAdvice } from "./facts.ts";

const TROUBLE_MS = 60_000;
/** Retry interval after a denied access, which somebody has to fix first. */
const DENIED_MS = 10 * 60_000;

/** Milliseconds; never sooner than the server asked for. */
export function retryAfterMs({ why = "trouble", retryAfterMs: requestedMs = 0 }: RetryAdvice = {}): number {
  return Math.max(why === "denied" ? DENIED_MS : TROUBLE_MS, requestedMs);
}
