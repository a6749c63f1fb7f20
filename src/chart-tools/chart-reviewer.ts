// The port for reviewing changes: a change is judged once for both its text and its check, and long reviews continue in
// the background.

import { Background } from "../adapters/threads/background.ts";
import type { RenderingJudgement } from "../domain/pull-request-body/judgement.ts";
import type {
  ChartReviewer,
  JudgeRequest,
  ReviewAnswer,
  ReviewRequest,
} from "../reconcile/ports/chart-review.ts";
import { judgementKey, reviewKey } from "./judgement-key.ts";
import { withoutRendering } from "./less-to-review.ts";
import { RememberedJudgements } from "./remembered-judgements.ts";
import { type ReviewThreadOptions, ReviewThreads } from "./review-threads.ts";
import type { ReviewInput, ReviewOutput } from "./review-worker.ts";

/** How long a caller waits; rendering a usual chart takes a second or two. */
const PATIENCE_MS = 6_000;
const UNDER_WAY = "to render it takes longer than usual, and this is completed by itself";

export interface ThreadedReviewer extends ChartReviewer {
  /** Starts a thread for the next review in advance. */
  prepare(): void;
  /** Ends the threads; running reviews never settle. */
  close(): Promise<void>;
}

export interface ReviewerOptions extends ReviewThreadOptions {
  /** How long to wait for a review or judgement before answering that it is still running, in milliseconds. */
  readonly patienceMs: number;
}

/** `helm`: path of the helm program. */
export function chartReviewer(
  helm: string | undefined,
  { patienceMs = PATIENCE_MS, ...options }: Partial<ReviewerOptions> = {},
): ThreadedReviewer {
  const threads = new ReviewThreads(options);
  const judgements = new RememberedJudgements();
  const background = new Background<ReviewOutput>();
  return { review, judge, prepare: () => threads.prepare(), close: () => threads.close() };

  async function review(request: ReviewRequest): Promise<ReviewAnswer> {
    const { review: answer } = await inPatience(reviewKey(request), { kind: "review", helm, request });
    if (!answer) throw new Error("asked for a review, and got none");
    judgements.add(judgementKey({ ...request.facts, toRender: request.toRender }), answer.judgement);
    return answer;
  }

  async function judge(request: JudgeRequest): Promise<RenderingJudgement> {
    const key = judgementKey(request);
    const known = judgements.get(key);
    if (known) return known;
    const { judgement } = await inPatience(key, { kind: "judge", helm, request });
    if (!judgement) throw new Error("asked for a judgement, and got none");
    judgements.add(key, judgement);
    return judgement;
  }

  /** Limits the wait, as a worker that waits for one chart blocks other keys. */
  async function inPatience(key: string, input: ReviewInput): Promise<ReviewOutput> {
    const whole = await background.within(`${input.kind} ${key}`, patienceMs, () => threads.inTurn(input));
    return whole ?? threads.done(withoutRendering(input, "not-yet", UNDER_WAY));
  }
}
