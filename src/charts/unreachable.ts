// The problem of a chart repository that gave no healthy answer: wait and ask again, conclude nothing.

import type { Problem } from "../model/problem.ts";
import type { Answer } from "./request.ts";

export function unreachable(repository: string, answer: Answer): Problem {
  return {
    code: "chart-repository-unreachable",
    message: `Chart repository "${repository}" gave no healthy answer: ${answer.asked} ${said(answer)}.`,
    help: help(answer),
  };
}

/** What the answer was, for a sentence that begins with what was asked. */
export function said(answer: Answer): string {
  if (answer.kind === "failed") return `failed: ${answer.reason}`;
  const excerpt = Buffer.from(answer.body).toString("utf8").replace(/\s+/g, " ").trim().slice(0, 200);
  return `answered ${answer.status}${excerpt === "" ? "" : ` "${excerpt}"`}`;
}

function help(answer: Answer): string {
  if (answer.kind === "failed")
    return "Check that the repository is up and that server.yaml names its address.";
  if (answer.status === 401 || answer.status === 403)
    return "Check the repository's username and password (or token) in server.yaml.";
  if (answer.status === 404) return "Check the repository's url, fetchFrom and kind in server.yaml.";
  return "Check the repository's own log; it is asked again later.";
}
