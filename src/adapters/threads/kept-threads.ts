// Threads that are kept for the next job of their kind: to start one takes longer than most jobs.

import { JobThread, type ThreadOptions } from "./job-thread.ts";

/** Of one kind. */
const KEPT = 2;

export class KeptThreads {
  readonly #idle = new Map<string, JobThread[]>();
  #isClosed = false;

  /** One that was kept, or else a new one. */
  take(options: ThreadOptions): JobThread {
    return this.#idleOf(options).pop() ?? new JobThread(options);
  }

  /** Starts one for the first job of these options, unless there is one; does not wait for it. */
  prepare(options: ThreadOptions): void {
    const idle = this.#idleOf(options);
    if (!this.#isClosed && idle.length === 0) idle.push(new JobThread(options));
  }

  /** For the next job of these options; ends it where there are enough. */
  async keep(thread: JobThread, options: ThreadOptions): Promise<void> {
    const idle = this.#idleOf(options);
    if (this.#isClosed || idle.length >= KEPT) await thread.stop();
    else idle.push(thread);
  }

  /** Ends them all, and from now on each that would be kept. */
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
