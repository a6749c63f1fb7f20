// A chart repository that gave no healthy response: retry later, conclude nothing.

import type { Problem } from "../../../domain/model/problem.ts";
import type { HttpAnswer } from "./request.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface Unreachable {
  readonly kind: "unreachable";
  readonly problem: Problem;
  /** `denied`: it answers, and refuses access; a retry soon is pointless. */
  readonly why: "denied" | "trouble";
  /** The wait that it asked for (Retry-After), in milliseconds. */
  readonly retryAfterMs?: number;
  /** The whole server is in trouble: it does not answer at all, or asked for a wait. */
  readonly isWholeServer: boolean;
}

/** `problem`: given when the response itself does not tell what is wrong. */
export function unreachable(
  repository: string,
  answer: HttpAnswer,
  problem = unreachableProblem(repository, answer),
): Unreachable {
  const status = answer.kind === "answer" ? answer.status : undefined;
  const afterMs = retryAfterMs(answer);
  return {
    kind: "unreachable",
    problem,
    why: status === 401 || status === 403 ? "denied" : "trouble",
    ...(afterMs !== undefined && { retryAfterMs: afterMs }),
    isWholeServer: status === undefined || status === 429 || afterMs !== undefined,
  };
}

export function unreachableProblem(repository: string, answer: HttpAnswer): Problem {
  return {
    code: "chart-repository-unreachable",
    message: `Chart repository "${repository}" gave no healthy answer: ${answer.requested} ${describeAnswer(answer)}.`,
    help: help(answer),
  };
}

/**
 * The response in words, to follow the request in a sentence; quotes its body only from a host that the operator named.
 */
export function describeAnswer(answer: HttpAnswer): string {
  if (answer.kind === "failed") return `failed: ${answer.reason}`;
  if (answer.isForeign) return `answered ${answer.status}`;
  const excerpt = Buffer.from(answer.body).toString("utf8").replace(/\s+/g, " ").trim().slice(0, 200);
  return `answered ${answer.status}${excerpt === "" ? "" : ` "${excerpt}"`}`;
}

function help(answer: HttpAnswer): string {
  if (answer.kind === "failed")
    return "Check that the repository is up and that server.yaml names its address.";
  if (answer.status === 401 || answer.status === 403)
    return "Check the repository's username and password (or token) in server.yaml.";
  if (answer.status === 404) return "Check the repository's url, fetchFrom and kind in server.yaml.";
  return "Check the repository's own log; it is asked again later.";
}
