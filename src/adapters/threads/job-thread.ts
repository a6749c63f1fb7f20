// A worker thread that runs one job after the other, with a memory limit.

import { once } from "node:events";
import { getCompileCacheDir } from "node:module";
import { types } from "node:util";
import { Worker } from "node:worker_threads";

export interface ThreadOptions {
  /** A module that calls `serveJobs`. */
  readonly script: URL;
  /** Limit of its heap; Buffers are not included. */
  readonly memoryMb: number;
}

export type JobResult<Value> =
  | { readonly kind: "value"; readonly value: Value }
  /** The thread has ended. */
  | { readonly kind: "out-of-memory" };

export class JobThread {
  readonly #worker: Worker;
  readonly #started: Promise<unknown>;

  constructor({ script, memoryMb }: ThreadOptions) {
    this.#worker = new Worker(script, {
      env: compileCacheEnv(), // no other environment variables
      execArgv: ["--no-warnings"],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker.unref();
    this.#started = once(this.#worker, "message");
    this.#started.catch(() => undefined);
  }

  /** Resolves when it accepts jobs; to be awaited before the first one. Rejects when its script throws. */
  async started(): Promise<void> {
    this.#worker.ref();
    await this.#started.finally(() => this.#worker.unref());
  }

  /** `input` is copied. One job at a time. Rejects for a bug of the job; the thread must not be used again then. */
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

/** The compile cache has to be enabled for each thread; compiling is most of a thread's start. */
export function compileCacheEnv(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

function isOutOfMemory(error: unknown): boolean {
  return types.isNativeError(error) && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
