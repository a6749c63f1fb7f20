// Reviews in threads of their own, so that no chart holds up the event loop or anybody else's review; and the judgement of
// each change made once for its text and its check.

import { availableParallelism } from "node:os";
import { Background } from "../adapters/threads/background.ts";
import { GivenUp } from "../adapters/threads/given-up.ts";
import type { KeptThreads } from "../adapters/threads/kept-threads.ts";
import { Lanes } from "../adapters/threads/lanes.ts";
import { moduleBeside } from "../adapters/threads/module-beside.ts";
import { type JobOutcome, type PoolOptions, ThreadPool } from "../adapters/threads/thread-pool.ts";
import type { RenderingJudgement } from "../domain/pull-request-body/judgement.ts";
import type {
  ChartReviewer,
  JudgeRequest,
  ReviewAnswer,
  ReviewRequest,
} from "../reconcile/ports/chart-review.ts";
import { costKey, judgementKey, reviewKey } from "./judgement-key.ts";
import { withoutArchives, withoutRendering } from "./less-to-review.ts";
import { RememberedJudgements } from "./remembered-judgements.ts";
import type { ReviewInput, ReviewOutput } from "./review-worker.ts";

const OPTIONS: PoolOptions = {
  script: moduleBeside("./review-worker", import.meta.url),
  memoryMb: 768,
  // Longer than all runs of helm together may take.
  deadlineMs: 90_000,
};

/** A rendering of usual charts takes a second or two. */
const PATIENCE_MS = 6_000;
const UNDER_WAY = "to render it takes longer than usual, and this is completed by itself";

/** Most of a review's time is Helm's, which runs beside its thread. */
const QUICK_MS = 3_000;

export interface ReviewerThreads extends ChartReviewer {
  /** Starts a thread for the review that comes next. */
  prepare(): void;
  /** Ends the threads; reviews under way are never answered. */
  close(): Promise<void>;
}

export interface ReviewerOptions extends PoolOptions {
  /** How long a review or judgement is waited for before it is told that it is under way. */
  readonly patienceMs: number;
  /** Is told of bugs that a chart brings to light; by default they are thrown. */
  readonly onMistake: (error: unknown) => void;
  /** Threads that are shared. */
  readonly kept: KeptThreads | undefined;
}

/** `helm`: the program to render with. */
export function chartReviewer(
  helm: string | undefined,
  options: Partial<ReviewerOptions> = {},
): ReviewerThreads {
  const { patienceMs = PATIENCE_MS, onMistake = rethrow, kept, ...pooled } = options;
  const pool = new ThreadPool({ ...OPTIONS, ...pooled }, { lanes: lanes(), kept });
  const judgements = new RememberedJudgements();
  const background = new Background<ReviewOutput>();
  const givenUp = new GivenUp();
  const turns = new Map<string, Promise<void>>();
  return { review, judge, prepare: () => pool.prepare(), close: () => pool.close() };

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

  /** Whoever waits for one chart has others to see to. */
  async function inPatience(key: string, input: ReviewInput): Promise<ReviewOutput> {
    const whole = await background.within(`${input.kind} ${key}`, patienceMs, () => reviewQueued(input));
    return whole ?? done(withoutRendering(input, "not-yet", UNDER_WAY));
  }

  /** What the first look at a chart's version finds it to cost spares the others that wait. */
  function reviewQueued(input: ReviewInput): Promise<ReviewOutput> {
    const charged = costKey(input.kind === "review" ? input.request.facts : input.request);
    const before = turns.get(charged) ?? Promise.resolve();
    const output = before.then(() => atOnceOrNever(charged, input));
    const over = output.then(
      () => undefined,
      () => undefined,
    );
    turns.set(charged, over);
    void over.then(() => turns.get(charged) === over && turns.delete(charged));
    return output;
  }

  /** What was given up once is not rendered again for the same versions. */
  async function atOnceOrNever(charged: string, input: ReviewInput): Promise<ReviewOutput> {
    const why = givenUp.why(charged);
    if (why !== undefined) return done(withoutRendering(input, "gave-up", why));
    const output = await done(input);
    const { verdict } = output.review?.judgement ?? output.judgement ?? {};
    if (verdict?.kind === "unknown" && verdict.why === "gave-up") givenUp.add(charged, verdict.because);
    return output;
  }

  /** What a chart makes impossible is told, and left out, step by step. */
  async function done(input: ReviewInput): Promise<ReviewOutput> {
    const whole = await tried(input);
    if (whole.kind === "done") return whole.value;
    const unrendered = await tried(withoutRendering(input, "gave-up", `to render it, ${whole.because}`));
    if (unrendered.kind === "done") return unrendered.value;
    const closed = await tried(withoutArchives(input, unrendered.because));
    if (closed.kind === "done") return closed.value;
    throw new Error(`a review was given up: ${closed.because}`);
  }

  /** A mistake of this program that a chart brings to light is as good as a chart that takes too long. */
  async function tried(input: ReviewInput): Promise<JobOutcome<ReviewOutput>> {
    try {
      return await pool.run<ReviewOutput>({ flows: flowsOf(input), input });
    } catch (error) {
      onMistake(error);
      return { kind: "given-up", because: "this program makes a mistake with it" };
    }
  }
}

function lanes(): Lanes {
  const seats = Math.max(2, availableParallelism());
  return new Lanes({
    quick: { seats: seats + 2, perFlow: seats },
    slow: { seats, perFlow: 1 },
    quickMs: QUICK_MS,
  });
}

/** Whose review it is: that of each chart. */
function flowsOf({ kind, request }: ReviewInput): readonly string[] {
  const charts = kind === "review" ? request.facts.charts : request.charts;
  return charts.map(({ chart }) => chart);
}

function rethrow(error: unknown): never {
  throw error;
}
