// Executes the chosen pull request action. Returns the new state on GitHub, or a doubt: the state is then unknown and
// has to be read again.

import type { Draft } from "../../domain/model/draft.ts";
import type { PullRequestAction } from "../../domain/pull-request/pull-request-action.ts";
import type { Proposed, PullRequests } from "../ports/github/pull-requests.ts";

/** `comment`: for a pull request that changes to another version. */
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
