// The judgement that both the pull request text and the check are made from, so that they agree.

import { type RenderedReview, reviewRendered } from "./diff/rendered-diff.ts";
import { unreadableText } from "./diff/unreadable.ts";
import { secretHider } from "./redaction/hide-secrets.ts";
import { secretsIn } from "./redaction/secrets.ts";
import { type JudgedFacts, type RenderingVerdict, verdictOf } from "./rendering/verdict.ts";
import { sentencesOf } from "./risks/risk.ts";

export interface RenderingJudgement {
  /** Whether Helm accepts it. */
  readonly verdict: RenderingVerdict;
  /** What Kubernetes will reject in the upgrade, as sentences of Markdown. */
  readonly refusals: readonly string[];
  /** Rendered documents that could not be parsed, as Markdown without a full stop. */
  readonly unreadable: readonly string[];
  /** Every image of the new version, without duplicates; absent when it does not render. */
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

/** Images are exempt, since they are looked up. */
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
