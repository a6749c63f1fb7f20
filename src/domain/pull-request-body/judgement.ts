// What the text and the check are both made from, so that neither says what the other denies.

import { type RenderedReview, reviewRendered } from "./diff/rendered-diff.ts";
import { unreadableText } from "./diff/unreadable.ts";
import { secretHider } from "./redaction/hide-secrets.ts";
import { secretsIn } from "./redaction/secrets.ts";
import { type JudgedFacts, type RenderingVerdict, verdictOf } from "./rendering/verdict.ts";
import { sentencesOf } from "./risks/risk.ts";

export interface RenderingJudgement {
  /** Whether Helm takes it. */
  readonly verdict: RenderingVerdict;
  /** What Kubernetes turns the upgrade down for, as sentences of Markdown. */
  readonly refusals: readonly string[];
  /** Which rendered documents could not be read, as Markdown without a full stop. */
  readonly unreadable: readonly string[];
  /** Every image that the new version names, each once; absent when it does not render. */
  readonly images?: readonly string[];
}

/** The judgement alone, without a text. */
export function judgementOf(facts: JudgedFacts): RenderingJudgement {
  const rendered = reviewRendered({ ...facts, charts: [] });
  const hide = secretHider(secretsIn(facts.valuesFiles, rendered.names));
  return withoutSecretsIn(judgementFrom(verdictOf(facts), rendered), hide);
}

export function judgementFrom(verdict: RenderingVerdict, rendered: RenderedReview): RenderingJudgement {
  const { risks, imagesAfter, unreadable } = rendered;
  const refused = risks.filter(({ refusedBy }) => refusedBy === "kubernetes");
  return {
    verdict,
    refusals: sentencesOf(refused, "danger"),
    unreadable: unreadable.map(unreadableText),
    ...(imagesAfter && { images: imagesAfter }),
  };
}

/** The images are looked up as they are. */
export function withoutSecretsIn(
  judgement: RenderingJudgement,
  hide: (text: string) => string,
): RenderingJudgement {
  return {
    ...judgement,
    verdict: verdictWithout(judgement.verdict, hide),
    refusals: judgement.refusals.map(hide),
    unreadable: judgement.unreadable.map(hide),
  };
}

function verdictWithout(verdict: RenderingVerdict, hide: (text: string) => string): RenderingVerdict {
  switch (verdict.kind) {
    case "renders":
      return {
        ...verdict,
        ...(verdict.uncompared !== undefined && { uncompared: hide(verdict.uncompared) }),
        ...(verdict.untried && {
          untried: verdict.untried.map(({ chart, because }) => ({ chart, because: hide(because) })),
        }),
      };
    case "unknown":
      return { ...verdict, because: hide(verdict.because) };
    case "refused": {
      const [first, ...rest] = verdict.refusals;
      const hidden = (refusal: typeof first) => ({ ...refusal, sentence: hide(refusal.sentence) });
      return { ...verdict, refusals: [hidden(first), ...rest.map(hidden)] };
    }
  }
}
