// The pull request text: facts in, Markdown out. What a reviewer must know comes first; what can be looked up is folded.

import { changesSection } from "./changes.ts";
import type { ReviewFacts } from "./facts.ts";
import { headline, provenance } from "./headline.ts";
import { inMarkers } from "./markers.ts";
import { movesSection } from "./moves.ts";
import { BODY_LIMIT, fit } from "./size.ts";

/** Our part of the pull request text, within its markers, at most `room` characters long. */
export function reviewBody(facts: ReviewFacts, room: number = BODY_LIMIT): string {
  const head = facts.charts
    .map((chart) => `${headline(chart, facts.environment)}\n\n${provenance(chart, facts.githubWeb)}`)
    .join("\n\n");
  const sections = [movesSection(facts.charts, []), ...facts.charts.map(changesSection)].filter(
    (section) => section !== undefined,
  );
  const frame = inMarkers(head).length;
  return inMarkers([head, ...fit(sections, room - frame)].join("\n\n"));
}
