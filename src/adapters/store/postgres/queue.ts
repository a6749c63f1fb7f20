// The distributed work queue: pg-boss keeps the keys, hands each to one worker of the cluster, and takes back those of a
// replica that died. How an enqueued key merges, when to try again and when to give up is decided here.

import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { fromKysely, type JobWithMetadata, PgBoss } from "pg-boss";
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

const MARKS = "marks";
const YEAR_SECONDS = 365 * 24 * 60 * 60;

interface Mark {
  readonly key: string;
  /** Absent for "now", by the clock of the database. */
  readonly after?: Date;
  readonly priority: number;
}

/**
 * `singleton`: one active job for each key. A dead replica's jobs miss their heartbeat after 10 seconds and are
 * handed out again, however often that happens: only failing for too long buries a key.
 */
const POLICY = {
  policy: "singleton",
  notify: true,
  heartbeatSeconds: 10,
  expireInSeconds: 23 * 60 * 60,
  retryLimit: 2_000_000_000,
  retryDelay: 0,
  retentionSeconds: YEAR_SECONDS,
  deleteAfterSeconds: 60,
} as const;

/** Starts pg-boss, in a schema of its own beside the store's tables. */
export async function startPostgresQueue(
  url: string,
  database: Database,
  log: StoreLog,
): Promise<PostgresQueue> {
  const boss = new PgBoss({
    connectionString: url,
    max: 4,
    schedule: false,
    useListenNotify: true,
    registerInstance: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    maintenanceIntervalSeconds: 60,
  });
  boss.on("error", (error) =>
    log.error({ err: error }, "The queue on PostgreSQL failed; it goes on by itself."),
  );
  boss.on("warning", (warning) => log.warn({ warning }, "The queue on PostgreSQL warns."));
  await boss.start();
  await boss.createQueue(MARKS, POLICY);
  return new PostgresQueue(boss, database, log);
}

export class PostgresQueue implements Queue {
  readonly #boss: PgBoss;
  readonly #database: Database;
  readonly #log: StoreLog;
  readonly #running = new Map<JobWithMetadata, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(boss: PgBoss, database: Database, log: StoreLog) {
    this.#boss = boss;
    this.#database = database;
    this.#log = log;
  }

  async enqueue(key: string, when: Parameters<Queue["enqueue"]>[1] = {}): Promise<void> {
    await this.#database.write(async (db) => {
      await holdKey(db, key);
      await this.#put(db, { key, priority: 0, ...when });
    });
  }

  /**
   * As many pg-boss workers as keys may run at once, each taking one job at a time. A worker that has finished looks
   * again at once: otherwise it would sleep until its next poll, with a backlog waiting.
   */
  async work(options: WorkOptions): Promise<void> {
    for (let worker = 0; worker < options.concurrency; worker += 1) {
      const id: string = await this.#boss.work(
        MARKS,
        { batchSize: 1, includeMetadata: true, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 },
        async ([job]: JobWithMetadata[]) => {
          try {
            if (job !== undefined) await this.#track(job, options);
          } finally {
            this.#boss.notifyWorker(id);
          }
        },
      );
    }
  }

  dead(): Promise<readonly Dead[]> {
    return listDead(this.#database.read);
  }

  replay(key: string): Promise<boolean> {
    return this.#database.write(async (db) => {
      await holdKey(db, key);
      const wasDead = await raise(db, key);
      if (wasDead) await this.#put(db, { key, priority: 0 });
      return wasDead;
    });
  }

  /** Of the whole cluster. */
  async depth(): ReturnType<Queue["depth"]> {
    const { read } = this.#database;
    const { rows } = await sql<{ due: number; later: number; running: number }>`
      select count(*) filter (where state < 'active' and start_after <= now()) as due,
             count(*) filter (where state < 'active' and start_after > now()) as later,
             count(*) filter (where state = 'active') as running
      from pgboss.job where name = ${MARKS}`.execute(read);
    return { ...(rows[0] ?? { due: 0, later: 0, running: 0 }), dead: await countDead(read) };
  }

  async oldestDue(): Promise<Date | undefined> {
    const { rows } = await sql<{ due: Date | null }>`
      select min(start_after) as due from pgboss.job
      where name = ${MARKS} and state < 'active' and start_after <= now()`.execute(this.#database.read);
    return rows[0]?.due ?? undefined;
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    await this.#boss.offWork(MARKS, { wait: false });
    const finished = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: finished.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#running.values()), grace]);
    finished.abort();
    const unfinished = [...this.#running.keys()];
    this.#running.clear();
    for (const job of unfinished) await this.#giveBack(job);
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }

  async #track(job: JobWithMetadata, options: WorkOptions): Promise<void> {
    const run = this.#run(job, options);
    this.#running.set(job, run);
    try {
      await run;
    } finally {
      this.#running.delete(job);
    }
  }

  /** Rejects when the end of the run could not be stored: pg-boss then hands the job out again. A run that outlasted
   * the grace of `stop` was given back already. */
  async #run(job: JobWithMetadata, options: WorkOptions): Promise<void> {
    const key = job.singletonKey ?? "";
    const { signal } = this.#stopping;
    const tries = await triesOf(this.#database.read, key);
    const run = await attempt(() => options.reconcile(key, tries, signal));
    if (!this.#running.has(job)) return;
    if (run.kind === "failed" && signal.aborted) return this.#giveBack(job);
    const outcome = await this.#finish(job, { ...run, key }, options);
    if (outcome === undefined) {
      this.#log.warn(
        { key },
        "A run took so long that its key was handed out again; its end is not counted.",
      );
    } else if (run.kind === "failed" && outcome.kind !== "done") {
      options.onFailure(key, run.error, outcome.kind);
    }
  }

  /** `undefined` when the job is no longer ours: this process stood still and missed its heartbeat. */
  #finish(
    job: JobWithMetadata,
    run: Run & { readonly key: string },
    options: WorkOptions,
  ): Promise<AttemptOutcome | undefined> {
    return this.#database.write(async (db) => {
      await holdKey(db, run.key);
      if (!(await this.#complete(db, job))) return undefined;
      const outcome = await finishAttempt(db, run, { backoff: options.backoff, now: this.#database.clock() });
      if (outcome.kind !== "dead" && outcome.requeueAt !== undefined) {
        const priority = outcome.kind === "retry" ? job.priority : 0;
        await this.#put(db, { key: run.key, after: outcome.requeueAt, priority });
      }
      return outcome;
    });
  }

  async #giveBack(job: JobWithMetadata): Promise<void> {
    const key = job.singletonKey ?? "";
    await this.#database.write(async (db) => {
      await holdKey(db, key);
      if (await this.#complete(db, job)) await this.#put(db, { key, priority: job.priority });
    });
  }

  /** Only the attempt that was handed to us; false when it has been handed out again since. */
  async #complete(db: Queries, job: JobWithMetadata): Promise<boolean> {
    const response = await this.#boss.complete(MARKS, job, null, { db: fromKysely(db) });
    return "affected" in response && response.affected === 1;
  }

  /** Call it with the key locked. An enqueue that is no earlier and no more urgent than the waiting one adds nothing. */
  async #put(db: Queries, { key, after, priority }: Mark): Promise<void> {
    const options = { db: fromKysely(db) };
    const [waiting] = await this.#boss.findJobs(MARKS, { ...options, key, queued: true, limit: 1 });
    const due = after ?? this.#database.clock();
    if (waiting !== undefined && waiting.startAfter <= due && waiting.priority >= priority) return;
    const merged = {
      singletonKey: key,
      priority: Math.max(priority, waiting?.priority ?? priority),
      startAfter: waiting !== undefined && waiting.startAfter <= due ? waiting.startAfter : (after ?? 0),
    };
    // Nothing is updated nor inserted when a worker takes the waiting job in between.
    for (;;) {
      const { updated, inserted } = await this.#boss.upsert(MARKS, {}, { ...merged, ...options });
      if (updated + inserted > 0) return;
    }
  }
}

/** Enqueues of one key are serialised until the transaction ends: reading what waits and merging with it is one step. */
async function holdKey(db: Queries, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(db);
}
