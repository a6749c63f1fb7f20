// Takes the step that was decided. What it answers is what GitHub is known to hold; a doubt means: read again.

import type { Draft } from "../../domain/model/draft.ts";
import type { PullRequestAction } from "../../domain/pull-request/pull-request-action.ts";
import type { Proposed, PullRequests } from "../ports/github/pull-requests.ts";

/** `comment`: what to say under a pull request that moves on to another version. */
export async function propose(
  step: Extract<PullRequestAction, { kind: "open" | "append" | "rebuild" }>,
  draft: Draft,
  { pullRequests, comment }: { readonly pullRequests: PullRequests; readonly comment: string | undefined },
): Promise<Proposed> {
  const commented = comment === undefined ? {} : { comment };
  switch (step.kind) {
    case "open":
      return pullRequests.open(draft, step.replaces);
    case "append":
      return pullRequests.append(draft, { pullRequest: step.pullRequest, files: step.files, ...commented });
    case "rebuild":
      return pullRequests.rebuild(draft, { pullRequest: step.pullRequest, ...commented });
  }
}
