// A pool of worker threads for untrusted input, with fair queuing and limits for time and memory. Work that exceeds a
// limit is given up with the reason, without affecting other work.

import { availableParallelism } from "node:os";
import { GivenUp } from "./given-up.ts";
import type { JobResult, JobThread, ThreadOptions } from "./job-thread.ts";
import { KeptThreads } from "./kept-threads.ts";
import { Lanes, type Running } from "./lanes.ts";

export interface Job {
  /** The flows that the work is charged to, such as the chart and the account: each has few threads at a time. */
  readonly flows: readonly string[];
  /** A structured-cloneable value. */
  readonly input: unknown;
  /** Digest of the input: input that was given up is not tried again for an hour. */
  readonly digest?: string;
}

export type JobOutcome<Value> =
  | { readonly kind: "done"; readonly value: Value }
  /** `because` continues a sentence such as "it was not read: ". */
  | { readonly kind: "given-up"; readonly because: string };

export interface PoolOptions extends ThreadOptions {
  readonly deadlineMs: number;
}

/** The queue for seats, and a pool of threads shared with others; by default a pool has its own. */
export interface PoolShares {
  readonly lanes?: Lanes | undefined;
  readonly kept?: KeptThreads | undefined;
}

const QUICK_MS = 1_000;

export class ThreadPool {
  readonly #options: PoolOptions;
  readonly #lanes: Lanes;
  readonly #kept: KeptThreads;
  readonly #ownsKept: boolean;
  readonly #working = new Set<JobThread>();
  readonly #givenUp = new GivenUp();
  #isClosed = false;

  constructor(options: PoolOptions, { lanes, kept }: PoolShares = {}) {
    this.#options = options;
    this.#lanes = lanes ?? lanesFor(availableParallelism());
    this.#kept = kept ?? new KeptThreads();
    this.#ownsKept = kept === undefined;
  }

  async run<Value>({ digest, ...job }: Job): Promise<JobOutcome<Value>> {
    if (digest === undefined) return this.#run(job);
    const known = this.#givenUp.why(digest);
    if (known !== undefined) return { kind: "given-up", because: known };
    const outcome = await this.#run<Value>(job);
    if (outcome.kind === "given-up") this.#givenUp.add(digest, outcome.because);
    return outcome;
  }

  async #run<Value>({ flows, input }: Omit<Job, "digest">): Promise<JobOutcome<Value>> {
    const { deadlineMs, memoryMb } = this.#options;
    const start = () => this.#start<Value>(input);
    const outcome = await this.#lanes.run({ flows, deadlineMs, start });
    if (outcome.kind === "too-slow")
      return { kind: "given-up", because: `it takes more than ${deadlineMs / 1000} seconds` };
    if (outcome.value.kind === "out-of-memory")
      return { kind: "given-up", because: `it takes more than ${memoryMb} MiB of memory` };
    return { kind: "done", value: outcome.value.value };
  }

  /** Starts a thread for the next job in advance. */
  prepare(): void {
    if (this.#working.size === 0) this.#kept.prepare(this.#options);
  }

  /** Ends every thread except for shared ones; running jobs never settle. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const ending = [...this.#working].map((thread) => this.#end(thread));
    if (this.#ownsKept) ending.push(this.#kept.close());
    await Promise.all(ending);
  }

  async #start<Value>(input: unknown): Promise<Running<JobResult<Value>>> {
    if (this.#isClosed) return NEVER;
    const thread = this.#kept.take(this.#options);
    this.#working.add(thread);
    await thread.started();
    const result = thread.run<Value>(input);
    result.then(
      ({ kind }) => (kind === "value" ? this.#keep(thread) : this.#end(thread)),
      () => this.#end(thread),
    );
    return { result, stop: () => this.#end(thread) };
  }

  #keep(thread: JobThread): Promise<void> {
    this.#working.delete(thread);
    return this.#kept.keep(thread, this.#options);
  }

  #end(thread: JobThread): Promise<void> {
    this.#working.delete(thread);
    return thread.stop();
  }
}

const NEVER: Running<never> = { result: Promise.withResolvers<never>().promise, stop: async () => undefined };

/**
 * At least two threads for the quick lane even on one processor, so that one flow cannot occupy all; more threads than
 * processors only compete.
 */
function lanesFor(processors: number): Lanes {
  const seats = Math.max(2, processors);
  const perFlow = Math.max(1, seats - 1);
  return new Lanes({ quick: { seats, perFlow }, slow: { seats: 1, perFlow: 1 }, quickMs: QUICK_MS });
}
