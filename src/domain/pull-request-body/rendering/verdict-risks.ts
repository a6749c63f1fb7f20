// The verdict in the pull request's text: what Helm rejects, and what could not be checked.

import type { PullRequestFacts } from "../facts.ts";
import { clip, code, prose, text } from "../markdown/escape.ts";
import type { Section } from "../markdown/section.ts";
import type { Risk } from "../risks/risk.ts";
import { placeText, type Refusal, type RenderingVerdict } from "./verdict.ts";

export interface VerdictReview {
  readonly risks: readonly Risk[];
  readonly section?: Section;
}

export function reviewVerdict(verdict: RenderingVerdict, facts: PullRequestFacts): VerdictReview {
  const untried = untriedRisks(facts);
  switch (verdict.kind) {
    case "renders":
      return { risks: untried };
    case "unknown":
      return { risks: [...unknownRisk(verdict.because, facts), ...untried] };
    case "refused": {
      const { risks, section } = refusedReview(verdict);
      return { risks: [...risks, ...untried], ...(section && { section }) };
    }
  }
}

/** Up to this many are listed among the other risks; more get a section of their own. */
const FEW = 4;

function refusedReview({ refusals, before }: Extract<RenderingVerdict, { kind: "refused" }>): VerdictReview {
  const too = before === "refused" ? ", as it already does with the present version" : "";
  const others = refusals.filter(({ kind }) => kind !== "schema");
  const schema = refusals.filter(({ kind }) => kind === "schema");
  const risks = [
    ...others.map((refusal) => danger(`${lead(refusal)}${sentenceOf(refusal)}${too && `${too}`}`)),
    ...(schema.length <= FEW
      ? schema.map((refusal) => danger(`${sentenceOf(refusal)}: Helm will refuse it${too}`))
      : [danger(`${schema.length} values here do not fit the schemas: Helm will refuse them${too}`)]),
  ];
  if (schema.length <= FEW) return { risks };
  return {
    risks,
    section: {
      title: "Schema errors",
      summary: String(schema.length),
      shown: "folded",
      items: schema.map((refusal) => `- ${sentenceOf(refusal)}`),
      unit: "errors",
      join: "\n",
    },
  };
}

function danger(words: string): Risk {
  return { level: "danger", text: words, refusedBy: "helm" };
}

function lead({ kind }: Refusal): string {
  return kind === "template" ? "the new version does not render with this environment's values: " : "";
}

function sentenceOf({ sentence, place }: Refusal): string {
  const where = place === undefined ? "" : ` (${code(placeText(place))})`;
  return `${prose(clip(sentence, 600))}${where}`;
}

/** Omitted when nothing was rendered: the line about changes in the cluster says so. */
function unknownRisk(because: string, { rendered }: PullRequestFacts): readonly Risk[] {
  return rendered?.kind === "rendered"
    ? [{ level: "warning", text: `whether it renders is not known: ${prose(clip(because, 600))}` }]
    : [];
}

/** Schemas that could not be applied. */
function untriedRisks({ rendered, charts }: PullRequestFacts): readonly Risk[] {
  const helm =
    rendered?.kind === "rendered" && rendered.after.kind === "rendered" ? rendered.after.untried : [];
  const own =
    rendered?.kind === "rendered"
      ? []
      : charts.flatMap(({ chart, schema }) =>
          schema?.kind === "unchecked" ? [{ chart, because: schema.because }] : [],
        );
  return [...helm, ...own].map(({ chart, because }) => ({
    level: "warning",
    text: `the values are not checked against the schema of ${code(chart)}: ${text(clip(because, 300))}`,
  }));
}
