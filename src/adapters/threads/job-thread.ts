// One worker thread that does one job after the other, with a bound on its memory.

import { once } from "node:events";
import { getCompileCacheDir } from "node:module";
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
  readonly #started: Promise<unknown>;

  constructor({ script, memoryMb }: ThreadOptions) {
    this.#worker = new Worker(script, {
      env: compileCacheEnv(), // nothing else of this process's
      execArgv: ["--no-warnings"],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker.unref();
    this.#started = once(this.#worker, "message");
    this.#started.catch(() => undefined);
  }

  /** Resolves when it takes jobs, which is to be waited for before the first: rejects where its script throws. */
  async started(): Promise<void> {
    this.#worker.ref();
    await this.#started.finally(() => this.#worker.unref());
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

/** Of a thread's environment: the cache is enabled for each thread by itself, and most of a thread's start is compiling. */
export function compileCacheEnv(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

function isOutOfMemory(error: unknown): boolean {
  return types.isNativeError(error) && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
