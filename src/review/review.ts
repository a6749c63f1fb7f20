// The pull request text: facts in, Markdown out. What a reviewer must know comes first; what can be looked up is folded.

import { changesSection } from "./changes.ts";
import { commitsSection } from "./commits.ts";
import { clip, code, codeElement, prose } from "./escape.ts";
import type { ChartFacts, ReviewFacts } from "./facts.ts";
import { headline, provenance, signatureRisks } from "./headline.ts";
import { inMarkers } from "./markers.ts";
import { movesSection } from "./moves.ts";
import { remarks } from "./remarks.ts";
import { reviewRendered } from "./rendered-diff.ts";
import { alert, type Risk, riskSections } from "./risk.ts";
import { reviewSchema } from "./schema-errors.ts";
import type { Section } from "./section.ts";
import { BODY_LIMIT, fit } from "./size.ts";
import { reviewValues } from "./values-diff.ts";

const FOOTER =
  "<sub>Merging this deploys it. <code>/help</code> in a comment says what else can be asked for.</sub>";

/** Our part of the pull request text, within its markers, at most `room` characters long (see `roomIn`). */
export function reviewBody(facts: ReviewFacts, room: number = BODY_LIMIT): string {
  const sections = sectionsOf(facts).filter((section) => section !== undefined);
  const frame = inMarkers(FOOTER).length;
  return inMarkers([...fit(sections, room - frame), FOOTER].join("\n\n"));
}

/** In the order in which they are read. */
function sectionsOf(facts: ReviewFacts): readonly (Section | undefined)[] {
  const rendered = reviewRendered(facts.rendered);
  const charts = facts.charts.map((chart) => reviewChart(chart, facts));
  const risks = [...charts.flatMap((chart) => chart.risks), ...rendered.risks];
  return [
    paragraphs(
      "charts",
      facts.charts.map((chart) => headline(chart, facts.environment)),
    ),
    alert(
      "IMPORTANT",
      facts.policy.pending.map((reason) => prose(clip(reason, 500))),
    ),
    ...riskSections(risks),
    paragraphs(
      "publishes",
      facts.charts.map((chart) => published(chart, facts)),
    ),
    list("remarks", remarks(facts)),
    ...charts.map(({ schema }) => schema),
    movesSection(facts.charts, rendered.images),
    ...charts.map(({ notes }) => notes),
    ...charts.map(({ values }) => values),
    rendered.section,
    ...charts.map(({ commits }) => commits),
  ];
}

function paragraphs(unit: string, items: readonly string[]): Section {
  return { shown: "plain", title: unit, items, unit, join: "\n\n" };
}

function list(unit: string, sentences: readonly string[]): Section | undefined {
  if (sentences.length === 0) return undefined;
  return {
    shown: "plain",
    title: unit,
    items: sentences.map((sentence) => `- ${sentence}`),
    unit,
    join: "\n",
  };
}

function published(chart: ChartFacts, { charts, githubWeb }: ReviewFacts): string {
  const subject = charts.length > 1 ? `${code(chart.chart)}: ` : "";
  return subject + provenance(chart, githubWeb);
}

interface ChartReview {
  readonly risks: readonly Risk[];
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
    risks: [...signatureRisks(chart), ...schema.risks, ...values.risks],
    schema: schema.section,
    notes: changesSection(chart, `Release notes${of}`),
    values: values.section,
    commits: commitsSection(chart.commits, `Commits${of}`),
  };
}
