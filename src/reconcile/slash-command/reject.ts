// The command /reject: closes a promotion, which declines its versions. GitHub is the only record of that.

import type { OwnCommits } from "../../domain/model/github/snapshot.ts";
import { promotedVersions } from "../../domain/plan/history.ts";
import { isRollback } from "../../domain/plan/trailers.ts";
import { declined, rollbackDeclined } from "../../domain/pull-request-body/comments.ts";
import type { Command } from "../../domain/slash-command/parse-commands.ts";
import { isElsewhere } from "../repository/elsewhere.ts";
import type { CommandReply, PullRequestContext } from "./command-context.ts";
import { NO_PROMOTION, type OwnPromotion, promotionOf, replan, scopeOf } from "./own-promotion.ts";
import { AGAIN, headWhenWritten } from "./pushed-since.ts";
import { type RejectedVersion, rejectElsewhere } from "./reject-elsewhere.ts";

type Reject = Extract<Command, { readonly kind: "reject" }>;

export async function reject(command: Reject, context: PullRequestContext): Promise<CommandReply> {
  const promotion = promotionOf(context);
  if (!promotion) return NO_PROMOTION;
  const rejected = carriedBy(context.head);
  const refusal =
    misnames(command, rejected, isRollback(promotedVersions(context.head))) ??
    (await cameLater(rejected, context));
  if (refusal) return refusal;
  const here = await rejectHere(promotion, rejected, context);
  if (!command.everywhere) return here;
  const message = await rejectElsewhere(promotion.environment, rejected, context);
  return { kind: "done", message };
}

/** The versions in the App's newest commit; for a rollback, those that it takes back. */
function carriedBy(branch: Pick<OwnCommits, "commits">): readonly RejectedVersion[] {
  return promotedVersions(branch).map(({ chart, version, rolledBackFrom }) => ({
    chart,
    version: rolledBackFrom ?? version,
  }));
}

/**
 * Refuses when the App has pushed other versions after the comment was written: its author had not seen them. At most
 * two more requests, if the branch moved.
 */
async function cameLater(
  rejected: readonly RejectedVersion[],
  context: PullRequestContext,
): Promise<CommandReply | undefined> {
  const { head, repository, deps } = context;
  if (head.state !== "open" || head.baseSha === undefined) return undefined;
  const then = await headWhenWritten(context);
  if (then === head.headSha) return undefined;
  if (then === undefined)
    return { kind: "refused", because: "GitHub does not tell what stood on this branch then.", help: AGAIN };
  const range = { base: head.baseSha, head: then, branch: head.headBranch };
  const seen = carriedBy(await deps.github.in(repository).ownCommits(range)).map(nameOf);
  const unseen = rejected.map(nameOf).filter((name) => !seen.includes(name));
  if (unseen.length === 0) return undefined;
  const because = `${unseen.join(" and ")} came onto this branch after the comment was written.`;
  return { kind: "refused", because, help: AGAIN };
}

function nameOf({ chart, version }: RejectedVersion): string {
  return `${chart} ${version}`;
}

/** Closing a pull request declines all of its versions, so a command that names only some of its charts is refused. */
function misnames(
  { charts }: Reject,
  rejected: readonly RejectedVersion[],
  isWayBack: boolean,
): CommandReply | undefined {
  if (charts.length === 0) return undefined;
  const carried = rejected.map(({ chart }) => chart);
  const stranger = charts.find((chart) => !carried.includes(chart));
  if (stranger !== undefined) {
    const help = `Comment /reject alone; it ${isWayBack ? "gives up the way back of" : "declines"} ${carried.join(", ")}.`;
    return { kind: "refused", because: `${stranger} is none of this pull request's charts.`, help };
  }
  if (carried.every((chart) => charts.includes(chart))) return undefined;
  if (isWayBack) {
    const because = `Closing this pull request gives up the way back of ${carried.join(" and ")}.`;
    return { kind: "refused", because, help: "Comment /reject alone for that." };
  }
  return {
    kind: "refused",
    because: `Closing this pull request declines ${carried.join(" and ")}.`,
    help: "Comment /reject alone for that, or keep one chart out by its versions in .github/chart-promoter.yml.",
  };
}

async function rejectHere(
  promotion: OwnPromotion,
  rejected: readonly RejectedVersion[],
  context: PullRequestContext,
): Promise<CommandReply> {
  const { head, deps, repository } = context;
  if (head.state === "merged")
    return { kind: "refused", because: "It is merged already.", help: "Comment /rollback for the way back." };
  if (head.state === "open") {
    const elsewhere = isElsewhere(promotion.environment.name, promotion.charts, context.dependents);
    const body = isRollback(promotedVersions(head))
      ? rollbackDeclined(rejected, elsewhere)
      : declined({ versions: rejected, elsewhere });
    await deps.github.in(repository).closePullRequest(head.id, body);
  }
  await replan(scopeOf(promotion), context, {});
  return { kind: "done" };
}
