// The work queue.

/**
 * "Reconcile KEY, not before T, tried N times." Enqueues of one key merge; one made while the key is being worked on
 * causes one more run afterwards; one key is worked on by one worker at a time across all processes. Keys are
 * `<kind>:<rest>`, as keys.ts prints them, such as `repository:123`.
 */
export interface Queue {
  enqueue(key: string, when?: When): Promise<void>;
  /** All of them or none. */
  enqueueAll(work: readonly QueuedWork[]): Promise<void>;
  /** Starts working. `reconcile` returns when to requeue, if at all; a throw is retried with backoff. */
  work(options: WorkOptions): Promise<void>;
  /** Dead keys: their tries ran out. Newest first. */
  dead(): Promise<
    readonly { readonly key: string; readonly error: string; readonly at: Date; readonly tries: number }[]
  >;
  /** Enqueues a dead key again; false when it is not dead. */
  replay(key: string): Promise<boolean>;
  /** Number of keys waiting or being worked on, for metrics and idleness. `waiting` counts only those that are due. */
  depth(): Promise<{
    readonly due: number;
    readonly later: number;
    readonly running: number;
    readonly dead: number;
  }>;
  /** Due time of the key that has been due longest; absent when none is due. */
  oldestDue(): Promise<Date | undefined>;
  /** Milliseconds until the next key is due; `undefined` when none is. */
  msToNext(): Promise<number | undefined>;
  /** Polls at once instead of at the next due time: after the clock was set forward. */
  wake(): void;
  /** Takes no more work and waits at most `graceMs` for running work; releases the rest. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Whose work it is, for fairness: the publisher of a publish, or an installation of the App. `outside`: all polls of
 * chart repositories and all notifications, whose servers may never answer.
 */
export type MarkOwner =
  | { readonly kind: "outside" }
  | { readonly kind: "publisher"; readonly name: string }
  | { readonly kind: "repository" | "installation"; readonly id: number };

export interface When {
  /** Not before this instant; of several enqueues the earliest wins. */
  readonly after?: Date;
  /** Higher first; default 0. */
  readonly priority?: number;
  /** Owners of the same priority take turns. */
  readonly owner?: MarkOwner;
}

export interface QueuedWork extends When {
  readonly key: string;
}

export interface RunTerms {
  /** Aborts when the queue stops. */
  readonly signal: AbortSignal;
  /**
   * False as soon as another process may work on the key: the database was unreachable for too long, or the grace of
   * `stop` is over.
   */
  readonly isHeld: () => boolean;
}

export interface WorkOptions {
  /** Keys worked on at the same time by this process. */
  readonly concurrency: number;
  /** The most of these for one owner; default: all. */
  readonly ofOwner?: number;
  /** `tries`: earlier failures of this key since its last success. */
  readonly reconcile: (
    key: string,
    tries: number,
    run: RunTerms,
  ) => Promise<{ readonly requeueAt?: Date } | undefined>;
  /** A throw whose value has `retryAt` is retried then, without using up a try. */
  readonly onFailure: (key: string, error: unknown, outcome: "retry" | "dead") => void;
  /** First delay, growing by `factor` to `maxMs` with full jitter; dead after `giveUpAfterMs` of failing. */
  readonly backoff: {
    readonly firstMs: number;
    readonly factor: number;
    readonly maxMs: number;
    readonly giveUpAfterMs: number;
  };
}
