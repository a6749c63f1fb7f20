// The work queue: claims due work items, has them reconciled, and handles the result. An item is kept until its run has
// ended, so when a process dies, every unfinished key is still queued.

import { setTimeout as sleep } from "node:timers/promises";
import type { Queue, QueuedWork, When, WorkOptions } from "../../../reconcile/ports/store/queue.ts";
import type { Database, StoreLog } from "../database.ts";
import {
  type AttemptOutcome,
  attempt,
  countDead,
  type Dead,
  finishAttempt,
  listDead,
  type Run,
  raise,
} from "./attempts.ts";
import { type Claim, type Claims, type Ended, markOf, type QueueMark, type Waiting } from "./claims.ts";
import { Turns } from "./turns.ts";

/** How many more items than free places are loaded; if no more are waiting, all of them are known. */
const LOOKED_AT = 64;
/** The overview of owners is reused for this multiple of the time that it took to query. */
const OVERVIEW_SHARE = 10;
/** Milliseconds until a claim is retried that another process won. */
const CONTENDED_MS = 5;
const AFTER_FAILURE_MS = 1000;

export interface QueueTerms {
  readonly database: Database;
  readonly claims: Claims;
  readonly log: StoreLog;
  /**
   * The longest sleep while there are free places: items enqueued by other processes, or a clock set forward, are
   * noticed within it.
   */
  readonly longestSleepMs: number;
}

export class MarksQueue implements Queue {
  readonly #terms: QueueTerms;
  readonly #running = new Map<Claim, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #turns = new Turns();
  #overview: { readonly freshUntil: number; readonly rows: readonly Waiting[] } = { freshUntil: 0, rows: [] };
  #working: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(terms: QueueTerms) {
    this.#terms = terms;
  }

  enqueue(key: string, when: When = {}): Promise<void> {
    return this.enqueueAll([{ key, ...when }]);
  }

  async enqueueAll(work: readonly QueuedWork[]): Promise<void> {
    if (work.length === 0) return;
    await this.#terms.database.write((db) => this.#terms.claims.put(db, work.map(markOf)));
    this.wake();
  }

  /** Also after a work item was added in another transaction. */
  wake(): void {
    this.#wake();
  }

  async work(options: WorkOptions): Promise<void> {
    this.#working = this.#workUntilStopped(options);
  }

  dead(): Promise<readonly Dead[]> {
    return listDead(this.#terms.database.read);
  }

  async replay(key: string): Promise<boolean> {
    const replayed = await this.#terms.database.write(async (db) => {
      const wasDead = await raise(db, key);
      if (wasDead) await this.#terms.claims.put(db, [{ key, priority: 0 }]);
      return wasDead;
    });
    this.wake();
    return replayed;
  }

  async depth(): ReturnType<Queue["depth"]> {
    const counts = await this.#terms.claims.count();
    return { ...counts, dead: await countDead(this.#terms.database.read) };
  }

  oldestDue(): Promise<Date | undefined> {
    return this.#terms.claims.oldestDue();
  }

  msToNext(): Promise<number | undefined> {
    return this.#terms.claims.msToNext();
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    this.wake();
    const finished = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: finished.signal }).catch(() => undefined);
    const ended = this.#working.then(() => Promise.all(this.#running.values()));
    await Promise.race([ended, grace]);
    finished.abort();
    const unfinished = [...this.#running.keys()];
    this.#running.clear();
    await this.#terms.claims.giveBack(unfinished);
  }

  /** Never rejects: a failed claim is logged and retried. */
  async #workUntilStopped(options: WorkOptions): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      const timer = setTimeout(woken.resolve, await this.#claimAndStart(options));
      await woken.promise;
      clearTimeout(timer);
    }
  }

  /** Starts what it can; returns for how many milliseconds there is nothing to do, unless woken. */
  async #claimAndStart(options: WorkOptions): Promise<number> {
    const { claims, log, longestSleepMs } = this.#terms;
    try {
      const chosen = await this.#choose(options);
      const keys = chosen.map(({ key }) => key);
      const claimed = keys.length === 0 ? [] : await claims.claim(keys);
      if (this.#stopping.signal.aborted) await claims.giveBack(claimed);
      else for (const claim of claimed) this.#start(claim, options);
      if (claimed.length < chosen.length) return CONTENDED_MS;
      if (this.#running.size >= options.concurrency) return longestSleepMs;
      return Math.min(longestSleepMs, (await claims.msToNext()) ?? longestSleepMs);
    } catch (error) {
      log.error({ err: error }, "The queue could not look for work; it tries again in a second.");
      return AFTER_FAILURE_MS;
    }
  }

  async #choose({ concurrency, ofOwner = concurrency }: WorkOptions): Promise<readonly Waiting[]> {
    const free = concurrency - this.#running.size;
    if (free <= 0) return [];
    const used = new Map<string, number>();
    for (const { owner } of this.#running.keys()) used.set(owner, (used.get(owner) ?? 0) + 1);
    const first = await this.#terms.claims.due(free + LOOKED_AT);
    const others = first.length < free + LOOKED_AT ? [] : await this.#firstOfEach();
    const known = new Set(first.map(({ key }) => key));
    const waiting = [...first, ...others.filter(({ key }) => !known.has(key))];
    const chosen = this.#turns.pick(waiting, { free, ofOwner, used });
    const taken = new Set(chosen.map(({ key }) => key));
    this.#overview = { ...this.#overview, rows: this.#overview.rows.filter(({ key }) => !taken.has(key)) };
    return chosen;
  }

  async #firstOfEach(): Promise<readonly Waiting[]> {
    const begun = performance.now();
    if (begun < this.#overview.freshUntil) return this.#overview.rows;
    const rows = await this.#terms.claims.firstOfEach();
    const now = performance.now();
    this.#overview = { freshUntil: now + (now - begun) * OVERVIEW_SHARE, rows };
    return rows;
  }

  #start(claim: Claim, options: WorkOptions): void {
    const run = this.#run(claim, options).finally(() => {
      this.#running.delete(claim);
      this.wake();
    });
    this.#running.set(claim, run);
  }

  /** Never rejects. A run that outlasts the grace of `stop` was released already. */
  async #run(claim: Claim, options: WorkOptions): Promise<void> {
    const { key, tries, isHeld } = claim;
    const { claims, log } = this.#terms;
    const { signal } = this.#stopping;
    const run = await attempt(() => options.reconcile(key, tries, { signal, isHeld }));
    if (!this.#running.has(claim)) return;
    try {
      if (run.kind === "failed" && signal.aborted) return await claims.giveBack([claim]);
      const outcome = await this.#finish(claim, run, options);
      if (outcome === undefined) {
        log.warn({ key }, "A run took so long that its key was handed out again; its end is not counted.");
      } else if (run.kind === "failed" && outcome.kind !== "done") {
        options.onFailure(key, run.error, outcome.kind);
      }
    } catch (error) {
      log.error({ err: error, key }, "The end of a run could not be stored; the key runs again in a second.");
      claims.keep(claim);
      await sleep(AFTER_FAILURE_MS);
      await claims.giveBack([claim]).catch(() => undefined);
    }
  }

  /** `undefined` when the claim was lost: this process stalled for so long that another one took over. */
  #finish(claim: Claim, run: Run, { backoff }: WorkOptions): Promise<AttemptOutcome | undefined> {
    const { database, claims } = this.#terms;
    return database.write(async (db) => {
      const ended = await claims.end(db, claim);
      if (ended === undefined) return undefined;
      const outcome = await finishAttempt(db, { ...run, ...claim }, { backoff, now: database.clock() });
      const marks = marksAfter(claim, ended, outcome);
      if (marks.length > 0) await claims.put(db, marks);
      return outcome;
    });
  }
}

/** At most one item: the earlier and more urgent of what was enqueued meanwhile and what the run asks for. */
function marksAfter(
  { key, owner, priority }: Claim,
  { next }: Ended,
  outcome: AttemptOutcome,
): readonly QueueMark[] {
  const requeueAt = outcome.kind === "dead" ? undefined : outcome.requeueAt;
  const own = requeueAt && {
    due: requeueAt.getTime(),
    priority: outcome.kind === "retry" ? priority : 0,
  };
  const both = [next, own].filter((one) => one !== undefined);
  if (both.length === 0) return [];
  const due = Math.min(...both.map((one) => one.due));
  return [{ key, owner, due, priority: Math.max(...both.map((one) => one.priority)) }];
}
