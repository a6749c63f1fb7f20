// Takes the step that was decided. What it answers is what GitHub is known to hold; a doubt means: look again.

import type { Draft, FileChange } from "../model/draft.ts";
import type { ObservedPullRequest } from "../model/snapshot.ts";
import type { Step } from "./decide.ts";

export interface PullRequestName {
  /** GraphQL node id. */
  readonly id: string;
  readonly number: number;
  readonly url: string;
}

export type Proposed =
  | { readonly kind: "proposed"; readonly pullRequest: PullRequestName }
  /** Part of a mutation document failed; the state on GitHub is unknown until it is read again. */
  | { readonly kind: "doubt"; readonly because: string };

/** What proposing needs of GitHub. No method sends anything twice. */
export interface PullRequests {
  open(draft: Draft, replaces: string | undefined): Promise<Proposed>;
  append(draft: Draft, update: Update & { readonly files: readonly FileChange[] }): Promise<Proposed>;
  rebuild(draft: Draft, update: Update): Promise<Proposed>;
}

export interface Update {
  readonly pullRequest: ObservedPullRequest;
  /** Said once under the pull request, in the same request. */
  readonly comment?: string;
}

/** `comment`: what to say under a pull request that moves on to another version. */
export async function propose(
  step: Extract<Step, { kind: "open" | "append" | "rebuild" }>,
  draft: Draft,
  { pullRequests, comment }: { readonly pullRequests: PullRequests; readonly comment: string | undefined },
): Promise<Proposed> {
  const said = comment === undefined ? {} : { comment };
  switch (step.kind) {
    case "open":
      return pullRequests.open(draft, step.replaces);
    case "append":
      return pullRequests.append(draft, { pullRequest: step.pullRequest, files: step.files, ...said });
    case "rebuild":
      return pullRequests.rebuild(draft, { pullRequest: step.pullRequest, ...said });
  }
}
