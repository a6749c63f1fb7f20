// The pull request text: facts in, Markdown out. What a reviewer must know comes first; what can be looked up is folded.

import { changesSection } from "./changes.ts";
import { commitsSection } from "./commits.ts";
import { clip, code, codeElement, prose } from "./escape.ts";
import type { ChartFacts, ReviewFacts } from "./facts.ts";
import { headline, provenance } from "./headline.ts";
import { inMarkers } from "./markers.ts";
import { movesSection } from "./moves.ts";
import { remarks } from "./remarks.ts";
import { reviewRendered } from "./rendered-diff.ts";
import { renderRisks } from "./risk.ts";
import { reviewSchema } from "./schema-errors.ts";
import type { Section } from "./section.ts";
import { BODY_LIMIT, fit } from "./size.ts";
import { reviewValues } from "./values-diff.ts";

const FOOTER =
  "<sub>Merging this deploys it. <code>/help</code> in a comment says what else can be asked for.</sub>";

/** Our part of the pull request text, within its markers, at most `room` characters long (see `roomIn`). */
export function reviewBody(facts: ReviewFacts, room: number = BODY_LIMIT): string {
  const rendered = reviewRendered(facts.rendered);
  const charts = facts.charts.map((chart) => reviewChart(chart, facts));
  const head = [
    ...facts.charts.map((chart) => headline(chart, facts.environment)),
    ...pending(facts.policy.pending),
    ...renderRisks([...charts.flatMap(({ risks }) => risks), ...rendered.risks]),
    ...facts.charts.map((chart) => subject(chart, facts) + provenance(chart, facts.githubWeb)),
    remarks(facts),
  ].filter((block) => block !== "");
  const sections = [
    ...charts.map(({ schema }) => schema),
    movesSection(facts.charts, rendered.images),
    ...charts.map(({ notes }) => notes),
    ...charts.map(({ values }) => values),
    rendered.section,
    ...charts.map(({ commits }) => commits),
  ].filter((section) => section !== undefined);
  const frame = inMarkers([...head, FOOTER].join("\n\n")).length + 2;
  return inMarkers([...head, ...fit(sections, room - frame), FOOTER].join("\n\n"));
}

/** Which of several charts is spoken of. */
function subject({ chart }: ChartFacts, { charts }: ReviewFacts): string {
  return charts.length > 1 ? `${code(chart)}: ` : "";
}

interface ChartReview {
  readonly risks: ReturnType<typeof reviewValues>["risks"];
  readonly schema: Section | undefined;
  readonly notes: Section | undefined;
  readonly values: Section | undefined;
  readonly commits: Section | undefined;
}

function reviewChart(chart: ChartFacts, { charts, valuesFiles }: ReviewFacts): ChartReview {
  const of = charts.length > 1 ? ` of ${codeElement(chart.chart)}` : "";
  const schema = reviewSchema(chart, valuesFiles, `Schema errors${of}`);
  const values = reviewValues(chart, valuesFiles, `Default values${of}`);
  return {
    risks: [...schema.risks, ...values.risks],
    schema: schema.section,
    notes: changesSection(chart, `Release notes${of}`),
    values: values.section,
    commits: commitsSection(chart.commits, `Commits${of}`),
  };
}

/** What the check waits for. */
function pending(reasons: readonly string[]): readonly string[] {
  return reasons.length === 0
    ? []
    : [["> [!IMPORTANT]", ...reasons.map((reason) => `> - ${prose(clip(reason, 500))}`)].join("\n")];
}
