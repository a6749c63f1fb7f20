// The work queue.

/**
 * "Reconcile KEY, not before T, tried N times." Enqueues of one key merge; one made while the key is being worked on
 * causes one more run afterwards; one key is worked on by one worker at a time across all processes.
 * Keys are `<kind>:<rest>`, as keys.ts prints them, such as `repository:123`.
 */
export interface Queue {
  enqueue(key: string, when?: When): Promise<void>;
  /** All of them or none. */
  enqueueAll(work: readonly QueuedWork[]): Promise<void>;
  /** Starts working. `reconcile` answers when to requeue, if at all; a throw is retried with backoff. */
  work(options: WorkOptions): Promise<void>;
  /** Keys whose tries ran out, newest first. */
  dead(): Promise<
    readonly { readonly key: string; readonly error: string; readonly at: Date; readonly tries: number }[]
  >;
  /** Enqueues a dead key again; false when it is not dead. */
  replay(key: string): Promise<boolean>;
  /** Keys waiting or being worked on, for metrics and for "is it idle?". `waiting` counts only those already due. */
  depth(): Promise<{
    readonly due: number;
    readonly later: number;
    readonly running: number;
    readonly dead: number;
  }>;
  /** Since when the key that has been due longest is due; absent when none is. */
  oldestDue(): Promise<Date | undefined>;
  /** Until a key is due next; `undefined` where none is due later. */
  msToNext(): Promise<number | undefined>;
  /** Looks for what is due now, and not only when it next would: after the clock was set forward. */
  wake(): void;
  /** Takes no more work and waits at most `graceMs` for running work; the rest is given back. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Who a key is worked on for: the publisher who announced a publish, or an installation of the App. `outside`: all chart repositories
 * that are polled and all recipients that are told, none of which need ever answer.
 */
export type MarkOwner =
  | { readonly kind: "outside" }
  | { readonly kind: "publisher"; readonly name: string }
  | { readonly kind: "repository" | "installation"; readonly id: number };

export interface When {
  /** Not before then; an earlier instant wins over a later one. */
  readonly after?: Date;
  /** Higher first; default 0. */
  readonly priority?: number;
  /** Of one priority, owners take turns. */
  readonly owner?: MarkOwner;
}

export interface QueuedWork extends When {
  readonly key: string;
}

export interface RunTerms {
  /** Aborts when stopping. */
  readonly signal: AbortSignal;
  /** False as soon as another process may work on the key: the database was out of reach, or the grace of `stop` is over. */
  readonly isHeld: () => boolean;
}

export interface WorkOptions {
  /** Keys worked on at the same time by this process. */
  readonly concurrency: number;
  /** Of these, how many at most for one owner; default all. */
  readonly ofOwner?: number;
  /** `tries` counts earlier failures of this key since its last success. */
  readonly reconcile: (
    key: string,
    tries: number,
    run: RunTerms,
  ) => Promise<{ readonly requeueAt?: Date } | undefined>;
  /** A throw whose value has `retryAt` waits until then, without using up a try. */
  readonly onFailure: (key: string, error: unknown, outcome: "retry" | "dead") => void;
  /** First delay, growing by `factor` to `maxMs` with full jitter; dead after `giveUpAfterMs` of failing. */
  readonly backoff: {
    readonly firstMs: number;
    readonly factor: number;
    readonly maxMs: number;
    readonly giveUpAfterMs: number;
  };
}
