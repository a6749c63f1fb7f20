// `/hold` and `/unhold`: the label holds the state. Of several commands the one written last wins, in whatever order
// the webhooks arrive.

import { HOLD_LABEL } from "../../domain/model/github/guarded-labels.ts";
import { parseCommands } from "../../domain/slash-command/parse-commands.ts";
import { enqueueCheckRun } from "../check-run/enqueue-check-runs.ts";
import type { CommentSeen } from "../ports/github/comment-github.ts";
import type { CommandReply, PullRequestContext } from "./command-context.ts";

type Held = "on" | "off";

export async function hold(state: Held, context: PullRequestContext): Promise<CommandReply> {
  const { head, repository, deps } = context;
  if (head.state !== "open")
    return { kind: "refused", because: "This pull request is not open.", help: "There is nothing to hold." };
  if (await isOvertaken(state, context)) return OVERTAKEN;
  const github = deps.github.in(repository);
  if (state === "on") await github.addLabel(head.number, HOLD_LABEL);
  else await github.removeLabel(head.number, HOLD_LABEL);
  await enqueueCheckRun(repository.id, head.number, deps);
  return { kind: "done" };
}

const OVERTAKEN: CommandReply = {
  kind: "refused",
  because: `The label ${HOLD_LABEL} was changed by somebody who wrote or clicked after this comment, which was heard of late.`,
  help: "Comment it again if it is still meant.",
};

async function isOvertaken(state: Held, context: PullRequestContext): Promise<boolean> {
  const { head, commentId, writtenAt, repository, deps } = context;
  const github = deps.github.in(repository);
  const last = await github.lastLabelChange(head.number, HOLD_LABEL);
  const isAsWanted = (last?.action ?? "unlabeled") === (state === "on" ? "labeled" : "unlabeled");
  if (last?.person !== undefined) return !isAsWanted && last.at > writtenAt;
  const since = await github.commentsSince(writtenAt);
  const later = since.filter((comment) => comment.number === head.number && isLater(comment, context));
  for (const { commentId: other, body } of later.filter((one) => one.commentId !== commentId))
    if (holdsOrLetsGo(body) && (await isDone(other, context))) return true;
  return false;
}

/** GitHub's timestamps have a resolution of seconds; within one, the higher comment id is the later comment. */
function isLater(one: CommentSeen, { writtenAt, commentId }: PullRequestContext): boolean {
  const ahead = one.updatedAt.getTime() - writtenAt.getTime();
  return ahead > 0 || (ahead === 0 && one.commentId > commentId);
}

function holdsOrLetsGo(body: string): boolean {
  return parseCommands(body).some(({ kind }) => kind === "hold" || kind === "unhold");
}

/** Whether the command was carried out for somebody with write access. */
async function isDone(commentId: number, { repository, deps }: PullRequestContext): Promise<boolean> {
  const github = deps.github.in(repository);
  const comment = await github.readComment(commentId);
  if (!comment || !(await github.hasReacted(commentId))) return false;
  const written = await github.readWrittenComment(comment.id);
  return written !== undefined && github.mayWrite(written.writtenBy);
}
