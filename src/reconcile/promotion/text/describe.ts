// The text of a promotion's pull request: gathers facts, writes the review, and keeps people's own text in the body.

import type { ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import type { Change } from "../../../domain/model/promotion.ts";
import { withoutClosingNote } from "../../../domain/pull-request-body/markdown/closing-note.ts";
import { replaceBody, roomIn } from "../../../domain/pull-request-body/markdown/markers.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";
import { gatherFacts } from "./gather-facts.ts";

/** `open`: the existing pull request whose body is updated, if there is one. */
export async function describe(
  change: Change,
  open: ObservedPullRequest | undefined,
  context: ObservedEnvironment,
): Promise<string> {
  const request = await gatherFacts(change, context);
  const { inspection } = context.deps;
  const around = withoutClosingNote(open?.body ?? "");
  const { body } = await inspection.review({ ...request, room: roomIn(around) });
  return replaceBody(around, body);
}
