// The text of a promotion's pull request: facts are gathered, the review is written, and people's own words in the body stay.

import type { ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import type { Change } from "../../../domain/model/promotion.ts";
import { withoutClosingNote } from "../../../domain/pull-request-body/markdown/closing-note.ts";
import { replaceBody, roomIn } from "../../../domain/pull-request-body/markdown/markers.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";
import { gatherFacts } from "./gather-facts.ts";

/** `open`: the pull request whose body is to be renewed, when there is one. */
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
