// An issue or a pull request in a path: they need different permissions.

import { demand, may } from "../http/access.ts";
import type { Issue, PullRequest } from "../world/records.ts";
import { notFound } from "../world/refusal.ts";
import { numberParam, type RepositoryRequest } from "./route.ts";

export function threadOf(
  request: RepositoryRequest,
  access: "read" | "write",
  number = numberParam(request, "id"),
): Issue | PullRequest {
  const thread = request.repository.threads.get(number);
  if (thread === undefined) throw notFound();
  const issue = may(request.viewer, ["issues", access]);
  if (!issue) demand(request.viewer, [thread.kind === "issue" ? "issues" : "pull_requests", access]);
  return thread;
}
