// Findings about how an environment renders with its changed charts, from the same judgement as the pull request text.

import { clip } from "../model/clip.ts";
import type { SourceLocation } from "../model/problem.ts";
import type { RenderingJudgement } from "../pull-request-body/judgement.ts";
import type { Refusal } from "../pull-request-body/rendering/verdict.ts";
import type { Finding } from "./finding.ts";

const LONGEST_REASON = 300;

/** `place`: where to annotate, unless the place of a value is known. */
export function judgeRendering(
  { verdict, refusals, unreadable }: RenderingJudgement,
  place: SourceLocation | undefined,
): readonly Finding[] {
  return [
    ...judgeVerdict(verdict, place),
    ...refusals.map((refusal) => asFinding("failure", refusal, place)),
    ...unreadable.map((document) =>
      asFinding("undecided", `A rendered document is no Kubernetes resource: ${document}.`, place),
    ),
  ];
}

function judgeVerdict(
  verdict: RenderingJudgement["verdict"],
  place: SourceLocation | undefined,
): readonly Finding[] {
  switch (verdict.kind) {
    case "renders":
      return [
        { level: "fine", sentence: "It renders with this environment's values." },
        ...(verdict.untried ?? []).map(({ chart, because }): Finding => {
          const shown = clip(because, LONGEST_REASON);
          return {
            level: "warning",
            sentence: `The values are not checked against the schema of ${chart}: ${shown}.`,
          };
        }),
        ...(verdict.uncompared === undefined
          ? []
          : [
              { level: "warning", sentence: `What it changes is not known: ${verdict.uncompared}.` } as const,
            ]),
      ];
    case "unknown":
      return [notKnown(verdict)];
    case "refused":
      return verdict.refusals.map((refusal) =>
        verdict.before === "refused"
          ? { level: "undecided", sentence: `${sentenceOf(refusal)} ${BEFORE}`, ...placed(refusal, place) }
          : { level: "failure", sentence: sentenceOf(refusal), ...placed(refusal, place) },
      );
  }
}

/** Retry interval, in milliseconds, while a rendering is in progress. */
const UNDER_WAY_MS = 15_000;

function notKnown({ why, because }: Extract<RenderingJudgement["verdict"], { kind: "unknown" }>): Finding {
  switch (why) {
    case "impossible":
      return { level: "warning", sentence: `It is not rendered: ${because}.` };
    case "not-yet":
      return {
        level: "wait",
        sentence: `Whether it renders is not known yet: ${because}.`,
        retryAfterMs: UNDER_WAY_MS,
      };
    case "gave-up":
    case "cluster":
      return { level: "undecided", sentence: `Whether it renders is not known: ${because}.` };
  }
}

const BEFORE = "It does not render with the present version either.";

function sentenceOf({ kind, sentence }: Refusal): string {
  switch (kind) {
    case "template":
      return `It does not render with this environment's values: ${sentence}.`;
    case "schema":
      return `${sentence}: Helm will refuse it.`;
    case "kubernetes":
      return `${sentence}.`;
  }
}

function placed(refusal: Refusal, otherwise: SourceLocation | undefined): Pick<Finding, "place"> {
  const place = refusal.place ?? otherwise;
  return place ? { place } : {};
}

function asFinding(level: Finding["level"], markdown: string, place: SourceLocation | undefined): Finding {
  const sentence = markdown.replace(/<\/?code>|[`\\]/g, "");
  return { level, sentence, markdown, ...(place && { place }) };
}
