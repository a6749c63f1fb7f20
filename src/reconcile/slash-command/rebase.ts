// The command /rebase: rebuilds the branch of an open promotion, overwriting what was on it when the command was
// written.

import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { CommandReply, PullRequestContext } from "./command-context.ts";
import { NO_PROMOTION, promotionOf, recordsOf, replan, scopeOf } from "./own-promotion.ts";
import { overtakenByPush, PUSHED_SINCE } from "./pushed-since.ts";

export async function rebase(context: PullRequestContext): Promise<CommandReply> {
  const promotion = promotionOf(context);
  const { head, deps, repository } = context;
  if (!promotion) return NO_PROMOTION;
  if (head.state !== "open" || head.inMergeQueue) {
    const because = head.inMergeQueue ? "It stands in the merge queue." : "This pull request is not open.";
    return { kind: "refused", because, help: "Only an open promotion outside the queue can be made anew." };
  }
  const overtaken = await overtakenByPush(context);
  if (overtaken) return overtaken;
  const { branch } = promotion;
  const { isLeftToPeople } = await replan(scopeOf(promotion), context, {
    rebase: { branch, head: head.headSha },
  });
  if (isLeftToPeople) return PUSHED_SINCE;
  const records = await recordsOf(promotion, context);
  const isDone = records.some(
    ({ state, pullRequest }) => state === "proposed" && pullRequest?.number === head.number,
  );
  if (isDone) return { kind: "done" };
  const problem = records.find(({ state }) => state === "refused") ?? records[0];
  deps.log.info({ repository: nameWithOwner(repository), number: head.number, problem }, "nothing to rebase");
  return {
    kind: "refused",
    because: `Nothing is to be proposed there: ${problem?.because ?? "no publish is known"}.`,
    help: "Close this pull request, or publish a version that may go there.",
  };
}
