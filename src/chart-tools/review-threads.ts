// Runs reviews in worker threads, so that no chart blocks the event loop or other reviews. What a chart makes
// impossible is left out step by step, and not tried again.

import { availableParallelism } from "node:os";
import { GivenUp } from "../adapters/threads/given-up.ts";
import type { KeptThreads } from "../adapters/threads/kept-threads.ts";
import { Lanes } from "../adapters/threads/lanes.ts";
import { moduleBeside } from "../adapters/threads/module-beside.ts";
import { type JobOutcome, type PoolOptions, ThreadPool } from "../adapters/threads/thread-pool.ts";
import { costKey } from "./judgement-key.ts";
import { withoutArchives, withoutRendering } from "./less-to-review.ts";
import type { ReviewInput, ReviewOutput } from "./review-worker.ts";

const OPTIONS: PoolOptions = {
  script: moduleBeside("./review-worker", import.meta.url),
  memoryMb: 768,
  // More than all runs of helm together may take.
  deadlineMs: 90_000,
};

/** Most of a review's time is spent in helm, a separate process. */
const QUICK_MS = 3_000;

export interface ReviewThreadOptions extends PoolOptions {
  /** Called with bugs that a chart triggers; by default they are thrown. */
  readonly onMistake: (error: unknown) => void;
  /** A shared pool of threads. */
  readonly kept: KeptThreads | undefined;
}

export class ReviewThreads {
  readonly #pool: ThreadPool;
  readonly #onMistake: (error: unknown) => void;
  readonly #givenUp = new GivenUp();
  /** By the key that a review is charged to: the end of the last one. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor({ onMistake = rethrow, kept, ...pooled }: Partial<ReviewThreadOptions>) {
    this.#pool = new ThreadPool({ ...OPTIONS, ...pooled }, { lanes: lanes(), kept });
    this.#onMistake = onMistake;
  }

  /** Starts a thread for the next review in advance. */
  prepare(): void {
    this.#pool.prepare();
  }

  /** Ends the threads; running reviews never settle. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /**
   * Reviews of the same version of a chart run one after the other: if the first one is given up, the waiting ones are
   * not rendered.
   */
  inTurn(input: ReviewInput): Promise<ReviewOutput> {
    const charged = costKey(input.kind === "review" ? input.request.facts : input.request);
    const before = this.#turns.get(charged) ?? Promise.resolve();
    const output = before.then(() => this.#atOnceOrNever(charged, input));
    const over = output.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(charged, over);
    void over.then(() => this.#turns.get(charged) === over && this.#turns.delete(charged));
    return output;
  }

  /** After a review was given up, the same versions are not rendered again. */
  async #atOnceOrNever(charged: string, input: ReviewInput): Promise<ReviewOutput> {
    const why = this.#givenUp.why(charged);
    if (why !== undefined) return this.done(withoutRendering(input, "gave-up", why));
    const output = await this.done(input);
    const { verdict } = output.review?.judgement ?? output.judgement ?? {};
    if (verdict?.kind === "unknown" && verdict.why === "gave-up") this.#givenUp.add(charged, verdict.because);
    return output;
  }

  /**
   * Runs without waiting for others. Leaves out what a chart makes impossible, step by step. Throws when nothing is
   * left to leave out.
   */
  async done(input: ReviewInput): Promise<ReviewOutput> {
    const whole = await this.#tried(input);
    if (whole.kind === "done") return whole.value;
    const unrendered = await this.#tried(
      withoutRendering(input, "gave-up", `to render it, ${whole.because}`),
    );
    if (unrendered.kind === "done") return unrendered.value;
    const closed = await this.#tried(withoutArchives(input, unrendered.because));
    if (closed.kind === "done") return closed.value;
    throw new Error(`a review was given up: ${closed.because}`);
  }

  /** A bug that a chart triggers is treated as a chart that takes too long. */
  async #tried(input: ReviewInput): Promise<JobOutcome<ReviewOutput>> {
    try {
      return await this.#pool.run<ReviewOutput>({ flows: flowsOf(input), input });
    } catch (error) {
      this.#onMistake(error);
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

/** A review is charged to each of its charts. */
function flowsOf({ kind, request }: ReviewInput): readonly string[] {
  const charts = kind === "review" ? request.facts.charts : request.charts;
  return charts.map(({ chart }) => chart);
}

function rethrow(error: unknown): never {
  throw error;
}
