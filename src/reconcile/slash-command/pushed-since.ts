// Whether somebody pushed to a pull request's branch after a comment was written under it: what the comment says was not said of
// that push. A push whose webhook was lost or is late counts like any other.

import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import type { Delivery } from "../../domain/model/github/event.ts";
import type { BranchPush } from "../ports/github/branch-github.ts";
import { requeueWhileStale } from "../repository/stale-read.ts";
import type { CommentContext, PullRequestContext } from "./command-context.ts";

/** Further back than a push and a comment of one second are heard of. */
const HEARD_WITHIN_MS = 60 * 60_000;
const SECOND_MS = 1_000;

/** Requeue time while GitHub does not show yet who pushed the head. One request. */
export async function requeueUntilPushIsShown(
  head: CheckedPullRequest,
  delivery: Delivery,
  place: CommentContext,
): Promise<Date | undefined> {
  return isShown(head, await pushesOf(head, place)) ? undefined : requeueWhileStale(delivery, place.deps);
}

/** `unknown`: GitHub does not show who pushed the head. One request. */
export async function pushedSince(commanded: PullRequestContext): Promise<"yes" | "no" | "unknown"> {
  const { head, writtenAt } = commanded;
  const pushes = await pushesOf(head, commanded);
  for (const push of pushes.filter(({ byApp }) => !byApp)) {
    const aheadMs = push.at.getTime() - writtenAt.getTime();
    if (aheadMs >= SECOND_MS) return "yes";
    if (aheadMs > -SECOND_MS && !(await isHeardFirst(push, commanded))) return "yes";
  }
  return isShown(head, pushes) ? "no" : "unknown";
}

function pushesOf(
  { headBranch }: CheckedPullRequest,
  { repository, deps }: CommentContext,
): Promise<readonly BranchPush[]> {
  return deps.github.in(repository).pushesTo(headBranch);
}

function isShown({ headSha }: CheckedPullRequest, [newest]: readonly BranchPush[]): boolean {
  return newest?.after === headSha;
}

/** GitHub's clock counts seconds: within one, the webhooks say what came first, where both came. */
async function isHeardFirst(
  { after }: BranchPush,
  { commentId, writtenAt, repository, deps }: PullRequestContext,
): Promise<boolean> {
  const from = new Date(writtenAt.getTime() - HEARD_WITHIN_MS);
  const heard = await deps.store.deliveries.since(repository.id, from);
  const push = heard.find(({ event }) => event.kind === "branch-pushed" && event.after === after);
  const comment = heard.find(
    ({ event }) => event.kind === "commented" && event.commentId === commentId && event.missed !== true,
  );
  return push !== undefined && comment !== undefined && push.receivedAt < comment.receivedAt;
}
