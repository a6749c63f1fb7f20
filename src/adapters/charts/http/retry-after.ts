// How long a server asks to be left alone.

import type { HttpAnswer } from "./request.ts";

/** A server that asks for more is asked again nevertheless: nobody should have to restart the bot for a mistyped header. */
const LONGEST_MS = 60 * 60_000;

/** Milliseconds, at most an hour, by Retry-After (RFC 9110 section 10.2.3): seconds, or a date. Nothing when it does not say. */
export function retryAfterMs(answer: HttpAnswer, now = Date.now()): number | undefined {
  const written = answer.kind === "answer" ? answer.headers.get("retry-after")?.trim() : undefined;
  if (written === undefined) return undefined;
  const ms = /^\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_MS);
}
