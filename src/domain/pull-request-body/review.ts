// The review of a promotion: risks, changes, and the sections of the text.

import { changesSection } from "./changes/changes.ts";
import { commitsSection } from "./changes/commits.ts";
import { movesSection } from "./changes/moves.ts";
import { remarks } from "./changes/remarks.ts";
import type { ChangeCounts } from "./diff/changed-resources.ts";
import { reviewRendered } from "./diff/rendered-diff.ts";
import type { ChartFacts, PullRequestFacts } from "./facts.ts";
import { headline, provenance, signatureRisks } from "./headline.ts";
import { judgementFrom, type RenderingJudgement, withoutSecretsIn } from "./judgement.ts";
import type { ImageMove } from "./manifests/pod/images.ts";
import { alertSections } from "./markdown/alert.ts";
import { clip, code, codeElement, prose } from "./markdown/escape.ts";
import { mapSection, type Section } from "./markdown/section.ts";
import { overview } from "./overview.ts";
import { secretHider } from "./redaction/hide-secrets.ts";
import { secretsIn } from "./redaction/secrets.ts";
import { refusedValues, verdictOf } from "./rendering/verdict.ts";
import { reviewVerdict } from "./rendering/verdict-risks.ts";
import { buildMetadataRisks } from "./risks/build-metadata.ts";
import { changedChartRisks } from "./risks/changed-chart.ts";
import { type Risk, sentencesOf } from "./risks/risk.ts";
import { reviewValues, type ValuesFacts } from "./values/values-diff.ts";

export interface Review {
  /**
   * All risks without duplicates, as sentences of Markdown; `dangers` are those that will fail, lose data or grant
   * access.
   */
  readonly dangers: readonly string[];
  readonly warnings: readonly string[];
  /** Absent when the two sides could not be compared. */
  readonly counts?: ChangeCounts;
  readonly images: readonly ImageMove[];
  readonly judgement: RenderingJudgement;
  /** In reading order. */
  readonly sections: readonly Section[];
}

export function reviewOf(facts: PullRequestFacts): Review {
  const rendered = reviewRendered(facts);
  const verdict = verdictOf(facts);
  const refused = refusedValues(verdict);
  const charts = facts.charts.map((chart) => reviewChart(chart, { ...facts, refused }));
  const judged = reviewVerdict(verdict, facts);
  const risks = [...judged.risks, ...charts.flatMap((chart) => chart.risks), ...rendered.risks];
  const [dangers, warnings] = [sentencesOf(risks, "danger"), sentencesOf(risks, "warning")];
  const alerts = [
    alertSections({ mark: "IMPORTANT", unit: "reasons", lines: pending(facts), most: 4 }),
    alertSections({ mark: "CAUTION", unit: "dangers", lines: dangers, most: 6 }),
    alertSections({ mark: "WARNING", unit: "warnings", lines: warnings, most: 4 }),
  ];
  const review: Review = {
    dangers,
    warnings,
    ...(rendered.counts && { counts: rendered.counts }),
    images: rendered.images,
    judgement: judgementFrom(verdict, rendered),
    sections: [
      headlines(facts),
      ...alerts.map(({ head }) => head),
      list("points", overview(rendered)),
      published(facts),
      list("remarks", [...rendered.reservations, ...remarks(facts)]),
      ...alerts.map(({ rest }) => rest),
      judged.section,
      movesSection(facts.charts, rendered.images),
      ...charts.map(({ notes }) => notes),
      ...charts.map(({ values }) => values),
      ...rendered.sections,
      ...charts.map(({ commits }) => commits),
    ].filter((section) => section !== undefined),
  };
  return withoutSecrets(review, secretHider(secretsIn(facts.valuesFiles, rendered.names)));
}

/** Headlines are exempt: they are parsed again, and contain only names and versions. */
function withoutSecrets(review: Review, hide: (text: string) => string): Review {
  const [headline, ...sections] = review.sections;
  return {
    ...review,
    dangers: review.dangers.map(hide),
    warnings: review.warnings.map(hide),
    judgement: withoutSecretsIn(review.judgement, hide),
    images: review.images.map((image) => ({ ...image, repository: hide(image.repository) })),
    sections: [
      ...(headline === undefined ? [] : [headline]),
      ...sections.map((section) => mapSection(section, hide)),
    ],
  };
}

function headlines({ charts, environment }: PullRequestFacts): Section {
  return {
    ...paragraphs(
      "charts",
      charts.map((chart) => headline(chart, environment)),
    ),
    gives: "last",
  };
}

/** What keeps the check pending for now. */
function pending({ policy }: PullRequestFacts): readonly string[] {
  return policy.pending.map((reason) => prose(clip(reason, 500)));
}

function published({ charts, githubWeb }: PullRequestFacts): Section | undefined {
  const named = charts.flatMap((chart) => {
    const subject = charts.length > 1 ? `${code(chart.chart)}: ` : "";
    const words = provenance(chart, githubWeb);
    return words === undefined ? [] : [subject + words];
  });
  return named.length === 0 ? undefined : paragraphs("publishes", named);
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

interface ChartReview {
  readonly risks: readonly Risk[];
  readonly notes: Section | undefined;
  readonly values: Section | undefined;
  readonly commits: Section | undefined;
}

function reviewChart(chart: ChartFacts, facts: PullRequestFacts & ValuesFacts): ChartReview {
  const of = facts.charts.length > 1 ? ` of ${codeElement(chart.chart)}` : "";
  const values = reviewValues(chart, facts, `Default values${of}`);
  return {
    risks: [
      ...changedChartRisks(chart),
      ...signatureRisks(chart),
      ...buildMetadataRisks(chart),
      ...values.risks,
    ],
    notes: changesSection(chart, `Release notes${of}`),
    values: values.section,
    commits: commitsSection(chart.commits, `Commits${of}`),
  };
}
