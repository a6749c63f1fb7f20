// A pool of idle threads for each kind of job: starting one takes longer than most jobs.

import { JobThread, type ThreadOptions } from "./job-thread.ts";

/** Per kind. */
const KEPT = 2;

export class KeptThreads {
  readonly #idle = new Map<string, JobThread[]>();
  #isClosed = false;

  /** An idle thread, or else a new one. */
  take(options: ThreadOptions): JobThread {
    return this.#idleOf(options).pop() ?? new JobThread(options);
  }

  /** Starts one for the first job with these options, unless there is one; does not wait for it. */
  prepare(options: ThreadOptions): void {
    const idle = this.#idleOf(options);
    if (!this.#isClosed && idle.length === 0) idle.push(new JobThread(options));
  }

  /** Returns it to the pool; ends it when the pool is full. */
  async keep(thread: JobThread, options: ThreadOptions): Promise<void> {
    const idle = this.#idleOf(options);
    if (this.#isClosed || idle.length >= KEPT) await thread.stop();
    else idle.push(thread);
  }

  /** Ends all idle threads, and from now on every returned one. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const idle = [...this.#idle.values()].flat();
    this.#idle.clear();
    await Promise.all(idle.map((thread) => thread.stop()));
  }

  #idleOf({ script, memoryMb }: ThreadOptions): JobThread[] {
    const kind = `${script.href} ${memoryMb}`;
    const idle = this.#idle.get(kind) ?? [];
    this.#idle.set(kind, idle);
    return idle;
  }
}
