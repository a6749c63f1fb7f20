// The text of a promotion's pull request: facts are gathered, the review is written, and people's own words in the body stay.

import type { Change } from "../../model/promotion.ts";
import type { ObservedPullRequest } from "../../model/snapshot.ts";
import { replaceBody, roomIn } from "../../review/markers.ts";
import { reviewBody } from "../../review/review.ts";
import { gatherFacts } from "./facts.ts";
import type { Settling } from "./settling.ts";

/** `open`: the pull request whose body is to be renewed, when there is one. */
export async function describe(
  change: Change,
  open: ObservedPullRequest | undefined,
  settling: Settling,
): Promise<string> {
  const facts = await gatherFacts(change, settling);
  return open ? replaceBody(open.body, reviewBody(facts, roomIn(open.body))) : reviewBody(facts);
}
