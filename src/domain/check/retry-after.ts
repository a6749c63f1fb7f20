// When a check that waits for an answer asks for it again.

import type { AskedAgain } from "./facts.ts";

const TROUBLE_MS = 60_000;
/** Where nobody is let in, somebody has to mend the login first. */
const DENIED_MS = 10 * 60_000;

/** Milliseconds; never sooner than the server asked for. */
export function retryAfterMs({ why = "trouble", retryAfterMs: requestedMs = 0 }: AskedAgain = {}): number {
  return Math.max(why === "denied" ? DENIED_MS : TROUBLE_MS, requestedMs);
}
