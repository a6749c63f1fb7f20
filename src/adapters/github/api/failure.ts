// Failures of requests to GitHub, classified by what to do next; never by the text of a message alone.

import { AnswerTooLarge } from "./answer-reader.ts";

export type FailureKind =
  /** A rate limit: wait until `retryAt`. */
  | "limited"
  /** 5xx, reset, timeout, a token that was revoked: whether it had an effect is unknown. */
  | "unavailable"
  /** The token lacks a permission, or the installation is suspended or deleted. */
  | "denied"
  | "missing"
  /** 409, 422, a GraphQL error: GitHub understood the request and refused it. */
  | "refused";

/** Thrown by the client; the queue uses `retryAt`, all other callers use `kind`. */
export class GitHubFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number;
  readonly retryAt?: Date;
  /** The part of an answer to a query that GitHub could not give, such as `repository.p0_0.nodes.3`. */
  readonly gap?: string;

  constructor(
    message: string,
    about: { kind: FailureKind; status: number; retryAt?: Date; gap?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause: about.cause });
    this.name = "GitHubFailure";
    this.kind = about.kind;
    this.status = about.status;
    if (about.retryAt) this.retryAt = about.retryAt;
    if (about.gap !== undefined) this.gap = about.gap;
  }
}

/** Whether the response exceeded the limits for parsing. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof GitHubFailure && error.cause instanceof AnswerTooLarge;
}

/** `undefined` for a response that exceeded the limits for parsing. */
export async function unlessTooLarge<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isTooLarge(error)) return undefined;
    throw error;
  }
}

/** `undefined` for a 404. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitHubFailure && error.kind === "missing") return undefined;
    throw error;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
  /** `errors[].type` of a GraphQL answer. */
  readonly types: readonly string[];
  /** `errors[0].path` of a GraphQL answer, joined by dots. */
  readonly gap?: string | undefined;
}

/**
 * Classifies an error thrown by Octokit. Rules: docs.github.com "Rate limits for the REST API", "Best practices":
 * `retry-after` seconds when given, else `x-ratelimit-reset` when nothing remains, else a minute.
 */
export function failureOf(error: unknown, activity: string, now: Date): GitHubFailure {
  if (error instanceof GitHubFailure) return error;
  if (error instanceof AnswerTooLarge) {
    const message = `What GitHub answered while ${activity} is not read, for its size: ${error.message}`;
    return new GitHubFailure(message, { kind: "refused", status: 200, cause: error });
  }
  const answer = answerOf(error);
  const kind = kindOf(answer);
  const retryAt = kind === "limited" ? retryTime(answer, now) : undefined;
  const message = `GitHub ${answer.status || "did not answer"} while ${activity}: ${answer.message}`;
  const gap = kind === "unavailable" || kind === "refused" ? answer.gap : undefined;
  return new GitHubFailure(message, {
    kind,
    status: answer.status,
    cause: error,
    gap,
    ...(retryAt && { retryAt }),
  });
}

function kindOf({ status, headers, message, types }: Answer): FailureKind {
  if (types.includes("RATE_LIMITED") || status === 429) return "limited";
  const spent = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
  if (status === 403 && (spent || /secondary rate limit/i.test(message))) return "limited";
  if (/secondary rate limit|submitted too quickly/i.test(message)) return "limited";
  if (status === 401) return "unavailable";
  if (types.includes("FORBIDDEN") || status === 403) return "denied";
  if (types.includes("NOT_FOUND") || status === 404 || status === 410) return "missing";
  if (types.length > 0 || status === 409 || status === 422 || (status >= 400 && status < 500))
    return "refused";
  return /Something went wrong while executing/.test(message) || status === 0 || status >= 500
    ? "unavailable"
    : "refused";
}

function retryTime({ headers }: Answer, now: Date): Date {
  const after = Number(headers["retry-after"]);
  if (Number.isFinite(after)) return new Date(now.getTime() + after * 1000);
  const reset = Number(headers["x-ratelimit-reset"]);
  if (headers["x-ratelimit-remaining"] === "0" && Number.isFinite(reset)) {
    return new Date(Math.max(reset * 1000, now.getTime() + 1000));
  }
  return new Date(now.getTime() + 60_000);
}

function answerOf(error: unknown): Answer {
  const fields = isRecord(error) ? error : {};
  const response = isRecord(fields["response"]) ? fields["response"] : {};
  const headers = isRecord(response["headers"]) ? response["headers"] : fields["headers"];
  const errors = Array.isArray(fields["errors"]) ? fields["errors"].filter(isRecord) : [];
  const isGraphql = fields["name"] === "GraphqlResponseError";
  const status = isGraphql ? 200 : Number(fields["status"] ?? response["status"] ?? 0);
  const reachedGitHub = isRecord(fields["response"]) || isGraphql;
  return {
    status: reachedGitHub ? status : 0,
    headers: isRecord(headers)
      ? Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)]))
      : {},
    message: error instanceof Error ? error.message : String(error),
    gap: pathOf(errors[0]),
    types: errors.flatMap(({ type }) => (typeof type === "string" ? [type] : [])),
  };
}

function pathOf(error: Record<string, unknown> | undefined): string | undefined {
  const path = error?.["path"];
  return Array.isArray(path) ? path.join(".") : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
