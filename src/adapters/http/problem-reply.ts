// Error responses: problem+json (RFC 9457), with the status of the problem's code.

import { STATUS_CODES } from "node:http";

import type { FastifyReply } from "fastify";

import type { Problem, ProblemCode } from "../../domain/model/problem.ts";

/** A code without a status must not be returned to a caller: it is a bug, and becomes 500. */
const STATUS: { readonly [Code in ProblemCode]?: number } = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  "method-not-allowed": 405,
  "too-slow": 408,
  conflict: 409,
  "too-large": 413,
  "unsupported-media-type": 415,
  internal: 500,
  "chart-repository-unreachable": 502,
  "too-many": 429,
  unavailable: 503,
};

const RETRY_AFTER_SECONDS = 10;

/** The body of the response. `problems` has all of them when there are several. */
interface ProblemBody {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly help?: string;
  readonly problems?: readonly Pick<Problem, "code" | "message" | "help">[];
}

/**
 * The status is that of the first problem, which the reply also keeps for the request's log line. A 401 asks for HTTP
 * Basic unless the reply already has a `WWW-Authenticate` header.
 */
export function refuse(reply: FastifyReply, problems: readonly Problem[]): FastifyReply {
  const [first = INTERNAL] = problems;
  const status = STATUS[first.code] ?? 500;
  if (status === 401 && !reply.hasHeader("www-authenticate"))
    reply.header("www-authenticate", 'Basic realm="chart-promoter", charset="UTF-8"');
  const seconds = retryAfterSeconds(first, status);
  if (seconds !== undefined) reply.header("retry-after", seconds);
  reply.refusal = first;
  return reply
    .code(status)
    .header("content-type", "application/problem+json")
    .send(Buffer.from(JSON.stringify(problemBody(first, problems))));
}

function retryAfterSeconds({ retryAfterMs }: Problem, status: number): number | undefined {
  if (retryAfterMs !== undefined) return Math.ceil(retryAfterMs / 1000);
  return status === 503 ? RETRY_AFTER_SECONDS : undefined;
}

export function problemBody(first: Problem, problems: readonly Problem[]): ProblemBody {
  const status = STATUS[first.code] ?? 500;
  return {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail: first.message,
    code: first.code,
    help: first.help,
    ...(problems.length > 1
      ? { problems: problems.map(({ code, message, help }) => ({ code, message, help })) }
      : {}),
  };
}

/** For unexpected errors, without details. */
export const INTERNAL: Problem = {
  code: "internal",
  message: "Something went wrong here that should not have.",
  help: "Try again; if it stays, give the operator the X-Request-Id of this answer.",
};
