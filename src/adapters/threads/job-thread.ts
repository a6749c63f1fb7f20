// One worker thread that does one job after the other, with a bound on its memory.

import { once } from "node:events";
import { types } from "node:util";
import { Worker } from "node:worker_threads";

export interface ThreadOptions {
  /** A module that calls `serveJobs`. */
  readonly script: URL;
  /** Of its heap; what is in Buffers does not count. */
  readonly memoryMb: number;
}

export type JobResult<Value> =
  | { readonly kind: "value"; readonly value: Value }
  /** The thread is gone with it. */
  | { readonly kind: "out-of-memory" };

export class JobThread {
  readonly #worker: Worker;

  constructor({ script, memoryMb }: ThreadOptions) {
    this.#worker = new Worker(script, {
      env: {},
      execArgv: ["--no-warnings"],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker.unref();
  }

  /** `input` is copied. One at a time. Rejects for a bug of the job; such a thread is not to be used again. */
  async run<Value>(input: unknown): Promise<JobResult<Value>> {
    const over = new AbortController();
    this.#worker.ref();
    try {
      const answered = once(this.#worker, "message", { signal: over.signal });
      this.#worker.postMessage(input);
      const [value] = await answered;
      return { kind: "value", value };
    } catch (error) {
      if (isOutOfMemory(error)) return { kind: "out-of-memory" };
      throw error;
    } finally {
      this.#worker.unref();
      over.abort();
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return types.isNativeError(error) && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
