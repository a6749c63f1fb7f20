// The store on a real PostgreSQL: the contract of every engine, and what only several replicas can show.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { openStore } from "../../src/adapters/store/open-store.ts";
import { StoreRefusal } from "../../src/adapters/store/refusal.ts";
import type { StateObserver } from "../../src/adapters/store/state-observer.ts";
import { describeStore } from "../adapters/store/contract.ts";
import { type Member, startMember } from "../adapters/store/process.ts";
import { announcement } from "../adapters/store/words.ts";
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

  afterAll(() => server?.close());

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

  it("works on a key in one replica at a time and misses no mark, also when two of three are killed", async () => {
    await createDatabase();
    const replicas = [member("work"), member("work"), member("work")] as const;
    for (const replica of replicas) await replica.hears((line) => line === "open");
    const store = await open();
    const keys = Array.from({ length: 6 }, (_, n) => `a:${n}`);
    for (let round = 1; round <= 20; round += 1) {
      for (const key of keys) await store.polls.setValidator({ repository: key }, String(round));
      await Promise.all(keys.map((key) => store.queue.enqueue(key)));
      if (round % 10 === 0) await replicas[round / 10 - 1]?.kill();
    }
    await quiet(store);
    const seen = await Promise.all(keys.map((key) => store.polls.validator({ repository: `seen:${key}` })));
    const runs = replicas.flatMap(finishedRuns).sort((one, other) => one.from - other.from);
    await store.close();
    expect(seen).toEqual(keys.map(() => "20"));
    expect(runs.length).toBeGreaterThan(20);
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

function open(states?: StateObserver) {
  return openStore({ databaseUrl: currentUrl, dataFolder: "", clock, log, ...(states && { states }) });
}

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
