// The store on a real PostgreSQL: the contract of every engine, and what only several replicas can show.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { migrate } from "../../src/adapters/store/migrations.ts";
import { openStore } from "../../src/adapters/store/open-store.ts";
import { StoreRefusal } from "../../src/adapters/store/refusal.ts";
import type { StateObserver } from "../../src/adapters/store/state-observer.ts";
import { describeStore } from "../adapters/store/contract/contract.ts";
import { type Member, startMember } from "../adapters/store/process.ts";
import { announcement } from "../adapters/store/words.ts";
import { startCuttable } from "../support/cuttable.ts";
import { findPostgres, POSTGRES, type PostgresServer } from "./postgres-server.ts";
import { isSkipped } from "./program.ts";

const log = { warn: () => undefined, error: () => undefined };
const clock = () => new Date();
let server: PostgresServer | undefined;
let currentUrl = "";

const suite = isSkipped(POSTGRES) ? describe.skip : describe;

suite("a real PostgreSQL", () => {
  beforeAll(async () => {
    server = await findPostgres();
  }, 600_000);

  afterAll(() => server?.close(), 600_000);

  describeStore("PostgreSQL", { reset: createDatabase, open });
  describe("the store of several replicas", describeReplicas);
});

function describeReplicas(): void {
  const members: Member[] = [];
  const member = (part: Parameters<typeof startMember>[0]) => {
    const started = startMember(part, { DATABASE_URL: currentUrl });
    members.push(started);
    return started;
  };

  afterEach(async () => {
    for (const one of members.splice(0)) await one.kill();
  });

  it("is made by replicas that start at the same moment", async () => {
    await createDatabase();
    const stores = await Promise.all([1, 2, 3, 4].map(() => open()));
    for (const store of stores) await store.ping();
    for (const store of stores) await store.close();
  });

  it("waits as long as a process asks for whose clock is minutes behind the database's, or ahead of it", async () => {
    for (const skew of [-120_000, 120_000]) {
      await createDatabase();
      const skewed = () => new Date(Date.now() + skew);
      const store = await openStore({ databaseUrl: currentUrl, dataFolder: "", clock: skewed, log });
      const runs: { readonly key: string; readonly at: number }[] = [];
      const ran = (key: string) => runs.filter((run) => run.key === key).map(({ at }) => at);
      const later = () => new Date(skewed().getTime() + 2_000);
      await store.queue.work({
        concurrency: 2,
        backoff: { firstMs: 1, factor: 2, maxMs: 5, giveUpAfterMs: 60_000 },
        onFailure: () => undefined,
        reconcile: async (key) => {
          runs.push({ key, at: performance.now() });
          if (key !== "again" || ran(key).length > 2) return undefined;
          // Marked while it runs, for later than what the run itself asks for.
          await store.queue.enqueue(key, { after: new Date(later().getTime() + 60_000) });
          return { requeueAt: later() };
        },
      });
      const begun = performance.now();
      await store.queue.enqueue("again");
      await store.queue.enqueueAll([{ key: "later", after: later() }]);
      while (ran("again").length < 3 || ran("later").length < 1) await sleep(20);
      const [first = 0, second = 0, third = 0] = ran("again");
      for (const gap of [second - first, third - second, (ran("later")[0] ?? 0) - begun]) {
        expect(gap).toBeGreaterThan(1_900);
        expect(gap).toBeLessThan(30_000);
      }
      expect(await store.queue.oldestDue()).toBeUndefined();
      await store.queue.stop(1_000);
      await store.close();
    }
  }, 120_000);

  it("hands a killed replica's keys to another within 30 seconds", async () => {
    await createDatabase();
    const hanging = member("hang");
    await hanging.hears((line) => line === "open");
    const store = await open();
    await store.queue.enqueue("a:1");
    await store.queue.enqueue("a:2");
    for (const key of ["a:1", "a:2"]) await hanging.hears((line) => line === `start ${key}`);
    const other = member("work");
    await other.hears((line) => line === "open");
    await hanging.kill();
    const killed = Date.now();
    await store.queue.enqueue("a:1");
    for (const key of ["a:1", "a:2"]) await other.hears((line) => line === `end ${key}`);
    const seconds = (Date.now() - killed) / 1000;
    await store.close();
    process.stdout.write(`A killed replica's keys were taken over after ${seconds.toFixed(1)} s.\n`);
    expect(seconds).toBeLessThan(30);
    expect(other.lines.filter((line) => line === "start a:2")).toHaveLength(1);
  }, 60_000);

  it("has a replica that is cut off give a key up before another one works on it, for good", async () => {
    await createDatabase();
    const way = await startCuttable(Number(new URL(currentUrl).port));
    const cutOff = await open(undefined, Object.assign(new URL(currentUrl), { port: way.port }).href);
    const seen: { readonly at: number; readonly isHeld: boolean }[] = [];
    let isOver = false;
    const backoff = { firstMs: 1, factor: 2, maxMs: 5, giveUpAfterMs: 60_000 };
    const terms = { concurrency: 1, backoff, onFailure: () => undefined };
    await cutOff.queue.work({
      ...terms,
      reconcile: async (_key, _tries, { isHeld }) => {
        for (; !isOver; await sleep(10)) seen.push({ at: performance.now(), isHeld: isHeld() });
        return undefined;
      },
    });
    await cutOff.queue.enqueue("a:1");
    await sleep(20_000);
    expect(seen.length).toBeGreaterThan(100);
    expect(seen.every(({ isHeld }) => isHeld)).toBe(true);
    way.cut();
    const other = await open();
    const takenOver = Promise.withResolvers<number>();
    const ended = Promise.withResolvers<void>();
    await other.queue.work({
      ...terms,
      reconcile: async () => {
        takenOver.resolve(performance.now());
        await ended.promise;
        return undefined;
      },
    });
    const since = await takenOver.promise;
    const lastHeld = seen.findLast(({ isHeld }) => isHeld)?.at ?? 0;
    expect(lastHeld).toBeLessThan(since);
    way.mend();
    await sleep(5_000);
    expect(seen.findLast(({ isHeld }) => isHeld)?.at).toBe(lastHeld);
    ended.resolve();
    isOver = true;
    await quiet(other);
    for (const store of [cutOff, other]) {
      await store.queue.stop(1_000);
      await store.close();
    }
    await way.close();
  }, 90_000);

  it("takes over what waited or ran in pg-boss, and removes its schema", async () => {
    await createDatabase();
    const pool = new pg.Pool({ connectionString: currentUrl });
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    await migrate(db, "022-traced-calls");
    await pool.query(PG_BOSS);
    await db.destroy();
    const store = await open();
    const done: string[] = [];
    expect(await store.queue.depth()).toEqual({ due: 3, later: 1, running: 0, dead: 0 });
    await store.queue.work({
      ...{ concurrency: 1, onFailure: () => undefined },
      backoff: { firstMs: 1, factor: 2, maxMs: 5, giveUpAfterMs: 60_000 },
      reconcile: async (key) => void done.push(key),
    });
    while (done.length < 3) await sleep(20);
    await store.queue.stop(1_000);
    await store.close();
    expect(done).toEqual(["deploy:7/prod", "repository:7", "check:7/pull/3"]);
    const after = new pg.Client({ connectionString: currentUrl });
    await after.connect();
    const { rows } = await after.query("select to_regnamespace('pgboss') as schema");
    await after.end();
    expect(rows).toEqual([{ schema: null }]);
  });

  it("works on a key in one replica at a time and misses no mark, also when two of three are killed", async () => {
    await createDatabase();
    const replicas = [member("work"), member("work"), member("work")] as const;
    for (const replica of replicas) await replica.hears((line) => line === "open");
    const store = await open();
    const keys = Array.from({ length: 6 }, (_, n) => `a:${n}`);
    for (let round = 1; round <= 20; round += 1) {
      for (const key of keys) await store.polls.setValidator({ repository: key }, String(round));
      await Promise.all(keys.map((key) => store.queue.enqueue(key)));
      // However fast the rounds are, they are worked on between them.
      while (replicas.flatMap(finishedRuns).length < round) await sleep(5);
      if (round % 10 === 0) await replicas[round / 10 - 1]?.kill();
    }
    await quiet(store);
    const seen = await Promise.all(keys.map((key) => store.polls.validator({ repository: `seen:${key}` })));
    const runs = replicas.flatMap(finishedRuns).sort((one, other) => one.from - other.from);
    await store.close();
    expect(seen).toEqual(keys.map(() => "20"));
    expect(runs.length).toBeGreaterThanOrEqual(20);
    expect(overlapping(runs)).toEqual([]);
  }, 60_000);

  it("accepts a version once, whichever replicas are asked", async () => {
    await createDatabase();
    const stores = await Promise.all([1, 2, 3].map(() => open()));
    const answers = await Promise.all(
      stores.flatMap(({ publishes }, replica) =>
        Array.from({ length: 10 }, (_, n) =>
          publishes.accept(announcement(), { id: `p${replica}-${n}`, at: clock(), webhookId: `w${n % 2}` }),
        ),
      ),
    );
    for (const store of stores) await store.close();
    expect(answers.filter((answer) => answer.kind === "accepted")).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.publish.id)).size).toBe(1);
  });

  it("says so when the database does not answer", async () => {
    const url = "postgres://nobody@127.0.0.1:1/none";
    const refused = await openStore({ databaseUrl: url, dataFolder: "", clock, log }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(StoreRefusal);
    expect(refused).toMatchObject({
      problem: { code: "unavailable", message: expect.stringContaining("ECONNREFUSED") },
    });
  });
}

function open(states?: StateObserver, databaseUrl = currentUrl) {
  return openStore({ databaseUrl, dataFolder: "", clock, log, ...(states && { states }) });
}

/** As pg-boss 12 makes it, as far as jobs are kept by it: what is named like a mark, in each state, and what is not. */
const PG_BOSS = `
  create schema pgboss;
  create type pgboss.job_state as enum ('created', 'retry', 'active', 'completed', 'cancelled', 'failed');
  create table pgboss.job (
    id uuid not null default gen_random_uuid(), name text not null, priority integer not null default 0, data jsonb,
    state pgboss.job_state not null default 'created', singleton_key text,
    start_after timestamp with time zone not null default now(), primary key (name, id)
  ) partition by list (name);
  create table pgboss.job_common (like pgboss.job including generated including defaults);
  alter table pgboss.job attach partition pgboss.job_common default;
  insert into pgboss.job (name, singleton_key, state, priority, start_after) values
    ('marks', 'repository:7', 'active', 1, now() - interval '1 minute'),
    ('marks', 'repository:7', 'created', 0, now() + interval '1 hour'),
    ('marks', 'deploy:7/prod', 'created', 2, now()),
    ('marks', 'check:7/pull/3', 'retry', 0, now()),
    ('marks', 'installation:5', 'created', 0, now() + interval '1 hour'),
    ('marks', 'publish:01JZ', 'created', 1, now()),
    ('marks', 'repository:8', 'completed', 1, now()),
    ('marks', 'repository:9', 'cancelled', 1, now()),
    ('marks', 'repository:10', 'failed', 1, now()),
    ('other', 'repository:11', 'created', 1, now())`;

async function quiet({ queue }: Awaited<ReturnType<typeof open>>): Promise<void> {
  for (;;) {
    const { due, later, running } = await queue.depth();
    if (due + later + running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface FinishedRun {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

function finishedRuns({ lines }: Member): readonly FinishedRun[] {
  return lines.flatMap((line) => {
    const [, key, from, to] = /^ran (\S+) (\d+) (\d+)$/.exec(line) ?? [];
    return key === undefined ? [] : { key, from: Number(from), to: Number(to) };
  });
}

/** Runs that began before an earlier one of the same key had ended. */
function overlapping(runs: readonly FinishedRun[]): readonly FinishedRun[] {
  return runs.filter((run, n) => runs.slice(0, n).some(({ key, to }) => key === run.key && to > run.from));
}

async function createDatabase(): Promise<void> {
  if (server === undefined) throw new Error("PostgreSQL was not started.");
  currentUrl = await server.createDatabase();
}
