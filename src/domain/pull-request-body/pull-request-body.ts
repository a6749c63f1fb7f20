// The pull request text: facts in, Markdown out. What a reviewer must know comes first; details are folded.

import type { PullRequestFacts } from "./facts.ts";
import { inMarkers } from "./markdown/markers.ts";
import { BODY_LIMIT, fit } from "./markdown/size.ts";
import { type Review, reviewOf } from "./review.ts";

const FOOTER =
  "<sub>Only a merge deploys this; the check <code>chart-promoter</code> says what stands in its way now. <code>/help</code> in a comment says what can be asked for.</sub>";

/** The App's part of the pull request text with its markers, at most `room` characters long (see `roomIn`). */
export function pullRequestBody(facts: PullRequestFacts, room: number = BODY_LIMIT): string {
  return bodyOf(reviewOf(facts), room);
}

/** The same for facts that were already reviewed. */
export function bodyOf({ sections }: Pick<Review, "sections">, room: number = BODY_LIMIT): string {
  const frame = inMarkers(FOOTER).length;
  return inMarkers([...fit(sections, room - frame), FOOTER].join("\n\n"));
}
