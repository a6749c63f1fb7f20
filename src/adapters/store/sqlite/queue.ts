// The embedded work queue: queued keys are rows, claims are in memory, as one process has the data folder to itself.
// A row stays until its run is over, so a killed process leaves every unfinished key queued, due as it was.

import { setTimeout as sleep } from "node:timers/promises";
import type { Queue, WorkOptions } from "../../../reconcile/ports/store.ts";
import {
  type AttemptOutcome,
  attempt,
  countDead,
  type Dead,
  finishAttempt,
  listDead,
  type Run,
  raise,
  triesOf,
} from "../attempts.ts";
import type { Database, Queries, StoreLog } from "../database.ts";

/** The longest the queue sleeps while it could work: a clock that was set forward is noticed within it. */
const LONGEST_SLEEP_MS = 1000;

interface Mark {
  readonly key: string;
  readonly due: number;
  readonly priority: number;
}

interface Claim {
  readonly key: string;
  readonly tries: number;
}

/**
 * Everything that claims, enqueues or finishes a key goes through `database.write`, which runs one work after another:
 * an enqueue therefore sees for certain whether the key is being worked on.
 */
export class SqliteQueue implements Queue {
  readonly #database: Database;
  readonly #log: StoreLog;
  readonly #running = new Set<string>();
  readonly #runs = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #wake: () => void = () => undefined;

  constructor(database: Database, log: StoreLog) {
    this.#database = database;
    this.#log = log;
  }

  async enqueue(key: string, when: Parameters<Queue["enqueue"]>[1] = {}): Promise<void> {
    const mark = { key, due: (when.after ?? this.#database.clock()).getTime(), priority: when.priority ?? 0 };
    await this.#database.write((db) => this.#put(db, mark));
    this.#wake();
  }

  async work(options: WorkOptions): Promise<void> {
    void this.#workUntilStopped(options);
  }

  dead(): Promise<readonly Dead[]> {
    return listDead(this.#database.read);
  }

  async replay(key: string): Promise<boolean> {
    const due = this.#database.clock().getTime();
    const replayed = await this.#database.write(async (db) => {
      const wasDead = await raise(db, key);
      if (wasDead) await this.#put(db, { key, due, priority: 0 });
      return wasDead;
    });
    this.#wake();
    return replayed;
  }

  /** Serialised with enqueue and finish: in between, a key may be neither running nor waiting for a moment. */
  depth(): ReturnType<Queue["depth"]> {
    return this.#database.write(async (db) => {
      const running = [...this.#running];
      const now = this.#database.clock().getTime();
      const waiting = await countWaiting(db, running, now);
      const next = await duesOfNext(db, running);
      const nextDue = next.filter((due) => due <= now).length;
      return {
        due: waiting.due + nextDue,
        later: waiting.later + next.length - nextDue,
        running: running.length,
        dead: await countDead(db),
      };
    });
  }

  async oldestDue(): Promise<Date | undefined> {
    const now = this.#database.clock().getTime();
    const row = await this.#database.read
      .selectFrom("marks")
      .select((is) => is.fn.min("due").as("due"))
      .where("due", "<=", now)
      .executeTakeFirst();
    return row?.due == null ? undefined : new Date(row.due);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    const finished = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: finished.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#runs), grace]);
    finished.abort();
    this.#running.clear();
  }

  /** Never rejects: a claim that fails is logged and tried again. */
  async #workUntilStopped(options: WorkOptions): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      const timer = setTimeout(woken.resolve, await this.#claimAndStart(options));
      await woken.promise;
      clearTimeout(timer);
    }
  }

  /** Starts what may be started; answers for how many milliseconds there is nothing to do unless woken. */
  async #claimAndStart(options: WorkOptions): Promise<number> {
    try {
      const claims = await this.#claim(options.concurrency - this.#running.size);
      for (const claim of claims) this.#start(claim, options);
      if (this.#running.size >= options.concurrency) return LONGEST_SLEEP_MS;
      const next = (await this.#nextDue()) ?? Number.POSITIVE_INFINITY;
      return Math.min(LONGEST_SLEEP_MS, Math.max(1, next - this.#database.clock().getTime()));
    } catch (error) {
      this.#log.error({ err: error }, "The queue could not look for work; it tries again in a second.");
      return LONGEST_SLEEP_MS;
    }
  }

  async #nextDue(): Promise<number | undefined> {
    const rows = await this.#database.read
      .selectFrom("marks")
      .select(["key", "due"])
      .orderBy("due")
      .limit(this.#running.size + 1)
      .execute();
    return rows.find((row) => !this.#running.has(row.key))?.due;
  }

  /** Takes the due keys of the highest priority, the longest due first, that nobody works on. */
  async #claim(free: number): Promise<readonly Claim[]> {
    if (free <= 0) return [];
    const now = this.#database.clock().getTime();
    return this.#database.write(async (db) => {
      if (this.#stopping.signal.aborted) return [];
      const rows = await db
        .selectFrom("marks")
        .select("key")
        .where("due", "<=", now)
        .orderBy("priority", "desc")
        .orderBy("due")
        .limit(free + this.#running.size)
        .execute();
      const keys = rows
        .map((row) => row.key)
        .filter((key) => !this.#running.has(key))
        .slice(0, free);
      const claims: Claim[] = [];
      for (const key of keys) claims.push({ key, tries: await triesOf(db, key) });
      for (const key of keys) this.#running.add(key);
      return claims;
    });
  }

  #start(claim: Claim, options: WorkOptions): void {
    const run = this.#run(claim, options).finally(() => {
      this.#runs.delete(run);
      this.#wake();
    });
    this.#runs.add(run);
  }

  /** Never rejects. A run that outlasted the grace of `stop` is forgotten: its key is still queued. */
  async #run({ key, tries }: Claim, options: WorkOptions): Promise<void> {
    const { signal } = this.#stopping;
    const run = await attempt(() => options.reconcile(key, tries, signal));
    if (!this.#running.has(key) || (run.kind === "failed" && signal.aborted)) return;
    try {
      const outcome = await this.#database.write((db) => this.#finish(db, { ...run, key }, options));
      if (run.kind === "failed" && outcome.kind !== "done") options.onFailure(key, run.error, outcome.kind);
    } catch (error) {
      this.#log.error(
        { err: error, key },
        "The end of a run could not be stored; the key runs again in a second.",
      );
      this.#running.add(key);
      await sleep(LONGEST_SLEEP_MS);
      this.#running.delete(key);
    }
  }

  async #finish(
    db: Queries,
    run: Run & { readonly key: string },
    options: WorkOptions,
  ): Promise<AttemptOutcome> {
    const outcome = await finishAttempt(db, run, { backoff: options.backoff, now: this.#database.clock() });
    const row = await db
      .deleteFrom("marks")
      .where("key", "=", run.key)
      .returning(["priority", "next_due", "next_priority"])
      .executeTakeFirst();
    this.#running.delete(run.key);
    if (row?.next_due != null) {
      await this.#put(db, { key: run.key, due: row.next_due, priority: row.next_priority ?? 0 });
    }
    if (outcome.kind !== "dead" && outcome.requeueAt !== undefined) {
      const priority = outcome.kind === "retry" ? (row?.priority ?? 0) : 0;
      await this.#put(db, { key: run.key, due: outcome.requeueAt.getTime(), priority });
    }
    return outcome;
  }

  #put(db: Queries, mark: Mark): Promise<void> {
    return this.#running.has(mark.key) ? putNext(db, mark) : put(db, mark);
  }
}

async function countWaiting(
  db: Queries,
  running: readonly string[],
  now: number,
): Promise<{ readonly due: number; readonly later: number }> {
  return await db
    .selectFrom("marks")
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere("due", "<=", now).as("due"),
      fn.countAll<number>().filterWhere("due", ">", now).as("later"),
    ])
    .$if(running.length > 0, (query) => query.where("key", "not in", running))
    .executeTakeFirstOrThrow();
}

/** When the keys that are being worked on are due again. */
async function duesOfNext(db: Queries, running: readonly string[]): Promise<readonly number[]> {
  if (running.length === 0) return [];
  const rows = await db.selectFrom("marks").select("next_due").where("key", "in", running).execute();
  return rows.flatMap((row) => row.next_due ?? []);
}

/** A new entry, or the earlier instant and the higher priority of the two. */
async function put(db: Queries, mark: Mark): Promise<void> {
  await db
    .insertInto("marks")
    .values({ ...mark, next_due: null, next_priority: null })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((expression) => ({
        due: expression.fn("min", ["marks.due", "excluded.due"]),
        priority: expression.fn("max", ["marks.priority", "excluded.priority"]),
      })),
    )
    .execute();
}

/** The same for a key that is being worked on: it is queued beside the entry whose run is not over. */
async function putNext(db: Queries, { key, due, priority }: Mark): Promise<void> {
  await db
    .updateTable("marks")
    .set((expression) => ({
      next_due: expression.fn("min", [
        expression.fn.coalesce("next_due", expression.val(due)),
        expression.val(due),
      ]),
      next_priority: expression.fn("max", [
        expression.fn.coalesce("next_priority", expression.val(priority)),
        expression.val(priority),
      ]),
    }))
    .where("key", "=", key)
    .execute();
}
