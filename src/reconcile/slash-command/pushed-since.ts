// Detects pushes to a pull request's branch after a comment was written: a command must not apply to commits that its
// author had not seen. Pushes with a lost or late webhook count as well.

import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import type { Delivery } from "../../domain/model/github/event.ts";
import type { BranchPush } from "../ports/github/branch-github.ts";
import { requeueWhileStale } from "../repository/stale-read.ts";
import type { CommandReply, CommentContext, PullRequestContext } from "./command-context.ts";

/** Longer than webhooks of the same second can be apart. */
const HEARD_WITHIN_MS = 60 * 60_000;
const SECOND_MS = 1_000;

/** Requeue time while GitHub does not show the head's push yet. One request. */
export async function requeueUntilPushIsShown(
  head: CheckedPullRequest,
  delivery: Delivery,
  place: CommentContext,
): Promise<Date | undefined> {
  if (head.isFork || isShown(head, await pushesOf(head, place))) return undefined;
  return requeueWhileStale(delivery, place.deps);
}

/** Refuses a command that was written before the newest push. One request. */
export async function overtakenByPush(context: PullRequestContext): Promise<CommandReply | undefined> {
  const isPushed = await pushedSince(context);
  if (isPushed === "no") return undefined;
  return isPushed === "yes" ? PUSHED_SINCE : PUSH_UNKNOWN;
}

export const AGAIN = "Comment it again if it is meant for what stands there now.";

export const PUSHED_SINCE: CommandReply = {
  kind: "refused",
  because: "Somebody pushed to this branch after the comment was written.",
  help: AGAIN,
};

const PUSH_UNKNOWN: CommandReply = {
  kind: "refused",
  because: "GitHub does not tell when the newest commit of this branch was pushed.",
  help: AGAIN,
};

/** `unknown`: GitHub does not show who pushed the head. */
async function pushedSince(context: PullRequestContext): Promise<"yes" | "no" | "unknown"> {
  const { head, writtenAt } = context;
  if (head.isFork) return (await isReceivedLater(context)) ? "yes" : "no";
  const pushes = await pushesOf(head, context);
  for (const push of pushes.filter(({ byApp }) => !byApp)) {
    const aheadMs = push.at.getTime() - writtenAt.getTime();
    if (aheadMs >= SECOND_MS) return "yes";
    if (aheadMs > -SECOND_MS && !(await isReceivedFirst(push, context))) return "yes";
  }
  return isShown(head, pushes) ? "no" : "unknown";
}

/**
 * The branch's head when the comment was written; `undefined` when GitHub does not show it. Without any listed push the
 * current head is older than the list. A push in the same second counts as earlier, as the App's own pushes have no
 * webhook to compare. One request.
 */
export async function headWhenWritten(context: PullRequestContext): Promise<string | undefined> {
  const until = context.writtenAt.getTime() + SECOND_MS;
  const pushes = await pushesOf(context.head, context);
  if (pushes.length === 0) return context.head.headSha;
  return pushes.find(({ at }) => at.getTime() < until)?.after;
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

/**
 * GitHub's timestamps have a resolution of seconds; within one, the arrival of the webhooks decides, if both arrived.
 */
async function isReceivedFirst({ after }: BranchPush, context: PullRequestContext): Promise<boolean> {
  const recent = await deliveriesAround(context);
  const push = recent.find(({ event }) => event.kind === "branch-pushed" && event.after === after);
  const comment = commentIn(recent, context);
  return push !== undefined && comment !== undefined && push.receivedAt < comment.receivedAt;
}

/** For a fork the App cannot list pushes: only the pull request's `synchronize` webhooks show them. */
async function isReceivedLater(context: PullRequestContext): Promise<boolean> {
  const recent = await deliveriesAround(context);
  const comment = commentIn(recent, context);
  return recent.some(
    ({ event, receivedAt }) =>
      event.kind === "pull-request-changed" &&
      event.action === "synchronize" &&
      event.number === context.head.number &&
      receivedAt >= (comment?.receivedAt ?? context.writtenAt),
  );
}

function deliveriesAround({ writtenAt, repository, deps }: PullRequestContext): Promise<readonly Delivery[]> {
  return deps.store.deliveries.since(repository.id, new Date(writtenAt.getTime() - HEARD_WITHIN_MS));
}

function commentIn(recent: readonly Delivery[], { commentId }: PullRequestContext): Delivery | undefined {
  return recent.find(
    ({ event }) => event.kind === "commented" && event.commentId === commentId && event.missed !== true,
  );
}
