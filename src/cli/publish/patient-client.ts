// A request to the server, retried while a retry may help and time is left.

import { setTimeout as sleep } from "node:timers/promises";
import { durationInWords } from "../../domain/model/config/duration.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { USER_AGENT } from "../../domain/model/program.ts";
import { shownAddress } from "../../domain/model/secret/shown-address.ts";
import { notAnswered, refusals } from "./refusals.ts";
import { isPassing, isPassingError, pauseBefore } from "./retry.ts";

export interface Request {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly authorization: string;
  readonly body?: object;
}

export interface Patience {
  /** Deadline for retries, in milliseconds of `performance.now()`. */
  readonly until: number;
  /** Called after each failed try. */
  readonly onRetry: (because: string, pauseMs: number) => void;
}

/** Timeout that allows a long poll of half a minute on a slow line. */
const LONGEST_ANSWER_MS = 90_000;

type Tried =
  | { readonly kind: "answered"; readonly value: unknown }
  | { readonly kind: "refused"; readonly problems: Result<never> }
  | { readonly kind: "retry"; readonly because: string; readonly retryAfter: string | null };

/** The answer's JSON. */
export async function sendUntil(request: Request, { until, onRetry }: Patience): Promise<Result<unknown>> {
  for (let tries = 1; ; tries++) {
    const tried = await attempt(request);
    if (tried.kind === "answered") return ok(tried.value);
    if (tried.kind === "refused") return tried.problems;
    const pauseMs = pauseBefore(tries, tried.retryAfter, new Date());
    if (performance.now() + pauseMs > until) return fail(givenUp(tried.because, pauseMs));
    onRetry(tried.because, pauseMs);
    await sleep(pauseMs);
  }
}

async function attempt(request: Request): Promise<Tried> {
  const { url, method, authorization, body } = request;
  const shown = shownAddress(url);
  try {
    const answer = await fetch(url, {
      method,
      redirect: "manual",
      headers: { authorization, "user-agent": USER_AGENT, "content-type": "application/json" },
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (isPassing(answer.status))
      return {
        kind: "retry",
        because: `${shown} answers ${answer.status}`,
        retryAfter: answer.headers.get("retry-after"),
      };
    const value = answer.ok ? parsed(text) : undefined;
    if (value !== undefined) return { kind: "answered", value };
    return { kind: "refused", problems: refusals(shown, answer, text) };
  } catch (error) {
    const because = `${shown} does not answer: ${reasonOf(error)}`;
    if (isPassingError(error)) return { kind: "retry", because, retryAfter: null };
    return { kind: "refused", problems: fail(notAnswered(because)) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch only says that it failed; the cause has the reason. */
function reasonOf(error: unknown): string {
  const { message, cause } = Object(error);
  const { code, message: because } = Object(cause);
  return String(because || code || message || error);
}

function givenUp(because: string, pauseMs: number): Problem {
  const next = durationInWords(Math.max(1000, Math.ceil(pauseMs / 1000) * 1000));
  return notAnswered(`${because}, and the next try would be in ${next}, after --timeout`);
}
