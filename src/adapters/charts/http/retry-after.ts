// The wait that a server asked for.

import type { HttpAnswer } from "./request.ts";

/** Upper bound: a wrong header must not require a restart. */
const LONGEST_MS = 60 * 60_000;

/**
 * Milliseconds from Retry-After (RFC 9110 section 10.2.3, seconds or a date), at most an hour; `undefined` without the
 * header.
 */
export function retryAfterMs(answer: HttpAnswer, now = Date.now()): number | undefined {
  const written = answer.kind === "answer" ? answer.headers.get("retry-after")?.trim() : undefined;
  if (written === undefined) return undefined;
  const ms = /^\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_MS);
}
