// Where input of strangers is worked on: in threads of its own, with an end in time and memory, in turn with everybody
// else's. What does not keep to that is given up with the reason, and takes nothing along.

import { availableParallelism } from "node:os";
import { type JobResult, JobThread, type ThreadOptions } from "./job-thread.ts";
import { Lanes, type Running } from "./lanes.ts";

export interface Job {
  /** Whose work it is, such as the chart and the account: each of them has few threads at once. */
  readonly flows: readonly string[];
  /** As `postMessage` takes it. */
  readonly input: unknown;
}

export type JobOutcome<Value> =
  | { readonly kind: "done"; readonly value: Value }
  /** `because` continues a sentence such as "it was not read: ". */
  | { readonly kind: "given-up"; readonly because: string };

export interface PoolOptions extends ThreadOptions {
  readonly deadlineMs: number;
}

/** Threads that are kept for the next job. */
const IDLE = 2;
const QUICK_MS = 1_000;

export class ThreadPool {
  readonly #options: PoolOptions;
  readonly #lanes: Lanes;
  readonly #threads = new Set<JobThread>();
  readonly #idle: JobThread[] = [];
  #isClosed = false;

  constructor(options: PoolOptions, lanes: Lanes = lanesFor(availableParallelism())) {
    this.#options = options;
    this.#lanes = lanes;
  }

  async run<Value>({ flows, input }: Job): Promise<JobOutcome<Value>> {
    const { deadlineMs, memoryMb } = this.#options;
    const start = () => this.#start<Value>(input);
    const outcome = await this.#lanes.run({ flows, deadlineMs, start });
    if (outcome.kind === "too-slow")
      return { kind: "given-up", because: `it takes more than ${deadlineMs / 1000} seconds` };
    if (outcome.value.kind === "out-of-memory")
      return { kind: "given-up", because: `it takes more than ${memoryMb} MiB of memory` };
    return { kind: "done", value: outcome.value.value };
  }

  /** Ends every thread; jobs under way are never answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#idle.length = 0;
    await Promise.all([...this.#threads].map((thread) => this.#end(thread)));
  }

  #start<Value>(input: unknown): Running<JobResult<Value>> {
    if (this.#isClosed) return NEVER;
    const thread = this.#idle.pop() ?? new JobThread(this.#options);
    this.#threads.add(thread);
    const result = thread.run<Value>(input);
    result.then(
      ({ kind }) => (kind === "value" ? this.#keep(thread) : this.#end(thread)),
      () => this.#end(thread),
    );
    return { result, stop: () => this.#end(thread) };
  }

  async #keep(thread: JobThread): Promise<void> {
    if (this.#idle.length >= IDLE) return this.#end(thread);
    this.#idle.push(thread);
    return undefined;
  }

  #end(thread: JobThread): Promise<void> {
    this.#threads.delete(thread);
    return thread.stop();
  }
}

const NEVER: Running<never> = { result: Promise.withResolvers<never>().promise, stop: async () => undefined };

/** Two threads are quick even on one processor, so that nobody has them all; more than that only compete. */
function lanesFor(processors: number): Lanes {
  const seats = Math.max(2, processors);
  const perFlow = Math.max(1, seats - 1);
  return new Lanes({ quick: { seats, perFlow }, slow: { seats: 1, perFlow: 1 }, quickMs: QUICK_MS });
}
