// Reduces a review step by step when a chart makes it impossible; the text says what is missing.

import type { NotRendered } from "../domain/pull-request-body/facts.ts";
import type { Packed } from "../reconcile/ports/chart-review.ts";
import type { ReviewInput } from "./review-worker.ts";

/** `because` completes the sentence that it was not rendered. */
export function withoutRendering(input: ReviewInput, why: NotRendered["why"], because: string): ReviewInput {
  const toRender: NotRendered = { kind: "not-rendered", why, because };
  return input.kind === "review"
    ? { ...input, request: { ...input.request, toRender } }
    : { ...input, request: { ...input.request, toRender } };
}

/** Leaves nothing untrusted but names and versions. */
export function withoutArchives(whole: ReviewInput, because: string): ReviewInput {
  const input = withoutRendering(whole, "gave-up", `it could not be compared: ${because}`);
  const closed: Packed = { kind: "missing", because: `it could not be compared: ${because}` };
  const sides = { before: closed, after: closed };
  if (input.kind === "judge") {
    const { request } = input;
    return {
      ...input,
      request: { ...request, charts: request.charts.map((chart) => ({ ...chart, ...sides })) },
    };
  }
  const { facts } = input.request;
  const [first, ...rest] = facts.charts;
  const close = (chart: typeof first) => {
    const { commits: _commits, ...known } = chart;
    return { ...known, ...sides, between: [] };
  };
  const charts = [close(first), ...rest.map(close)] as const;
  return { ...input, request: { ...input.request, facts: { ...facts, charts: [...charts] } } };
}
