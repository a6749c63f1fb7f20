// Computes small decisions on the main thread, and larger ones in worker threads.

import { setImmediate } from "node:timers/promises";
import { fail, type Problem, type Result } from "../../domain/model/problem.ts";
import {
  DECISIONS,
  type Decided,
  type DecisionName,
  type Decisions,
  type Given,
} from "../../reconcile/ports/decisions.ts";
import type { KeptThreads } from "../threads/kept-threads.ts";
import { moduleBeside } from "../threads/module-beside.ts";
import { type PoolOptions, ThreadPool } from "../threads/thread-pool.ts";
import type { Question } from "./decision-worker.ts";
import { weightOf } from "./weight.ts";

const OPTIONS: PoolOptions = {
  script: moduleBeside("./decision-worker", import.meta.url),
  memoryMb: 512,
  deadlineMs: 20_000,
};

/** A lighter decision takes a few milliseconds, less than passing it to a thread and back. */
const LIGHT = 8 * 1024;
const AT_A_STRETCH_MS = 10;

export class ThreadedDecisions implements Decisions {
  readonly #pool: ThreadPool;
  /** When the event loop had its last turn, by `performance.now()`: what is read between two decisions counts as well. */
  #turnedAt = 0;
  #nextTurn: Promise<void> | undefined;

  /** `kept`: a shared pool of threads. */
  constructor(kept?: KeptThreads) {
    this.#pool = new ThreadPool(OPTIONS, { kept });
  }

  async decide<Name extends DecisionName>(
    flow: string,
    name: Name,
    ...given: Given<Name>
  ): Promise<Result<Decided<Name>>> {
    if (weightOf(given, LIGHT) < LIGHT) {
      await this.#turn();
      return Reflect.apply(DECISIONS[name], undefined, given);
    }
    const input: Question = { name, given };
    const outcome = await this.#pool.run<Result<Decided<Name>>>({ flows: [flow], input });
    return outcome.kind === "done" ? outcome.value : fail(givenUp(outcome.because));
  }

  /** Yields to the event loop where it had no turn for some time, so that hundreds of decisions in a row do not block it. */
  async #turn(): Promise<void> {
    while (performance.now() - this.#turnedAt >= AT_A_STRETCH_MS) {
      this.#nextTurn ??= setImmediate().then(() => {
        this.#turnedAt = performance.now();
        this.#nextTurn = undefined;
      });
      await this.#nextTurn;
    }
  }

  prepare(): void {
    this.#pool.prepare();
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

function givenUp(because: string): Problem {
  return {
    code: "too-slow",
    message: `The environment's files are not read: ${because}.`,
    help: "Make them smaller; an umbrella chart with its values has some kilobytes.",
  };
}
