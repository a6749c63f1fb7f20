// The embedded store against the world: a second process, kill -9, a full disk.

import { cpSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import { StoreRefusal } from "../../../src/adapters/store/refusal.ts";
import { openSqlite } from "../../../src/adapters/store/sqlite/open.ts";
import { noopObserver } from "../../../src/adapters/store/state-observer.ts";
import { keepNew } from "../../../src/adapters/store/tables/publish/new-publishes.ts";
import { createPublishes } from "../../../src/adapters/store/tables/publish/publishes.ts";
import { type Member, startMember } from "./process.ts";
import { announcement } from "./words.ts";

const log = { warn: () => undefined, error: () => undefined };
const clock = () => new Date();

describe("the embedded store", () => {
  let folder = "";
  const members: Member[] = [];
  const member = (part: Parameters<typeof startMember>[0]) => {
    const started = startMember(part, { DATA_DIR: folder });
    members.push(started);
    return started;
  };
  const open = () => openStore({ dataFolder: folder, clock, log });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "chart-promoter-store-"));
  });

  afterEach(async () => {
    for (const one of members.splice(0)) await one.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it("refuses a data folder that another process has, until that process is killed", async () => {
    const holder = member("hold");
    await holder.hears((line) => line === "open");
    const refused = await open().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreRefusal);
    expect(refused).toMatchObject({
      problem: {
        code: "unavailable",
        message: `The data folder ${folder} is in use by another chart-promoter process.`,
        help: expect.stringContaining("DATA_DIR"),
      },
    });
    const second = member("hold");
    expect(await second.ended).not.toBe(0);
    expect(second.errors()).toContain("is in use by another chart-promoter process");
    await holder.kill();
    await (await open()).close();
  });

  it("loses no publish and no mark it answered for, however often it is killed", async () => {
    const printed: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const publisher = member("accept");
      await publisher.hears(() => publisher.lines.length > 200 + round * 77);
      await publisher.kill();
      printed.push(...publisher.lines.filter((line) => line !== "open"));
    }
    const store = await open();
    const kept = new Set((await store.publishes.list({ limit: 100_000 })).map(({ id }) => id));
    expect(printed.filter((id) => !kept.has(id))).toEqual([]);
    const worked = new Set<string>();
    const handle = async (key: string) => {
      worked.add(key);
      return undefined;
    };
    const backoff = { firstMs: 1, factor: 2, maxMs: 10, giveUpAfterMs: 1000 };
    await store.queue.work({ concurrency: 8, reconcile: handle, onFailure: () => undefined, backoff });
    while ((await store.queue.depth()).due > 0) await new Promise(setImmediate);
    await store.queue.stop(1000);
    await store.close();
    expect(printed.length).toBeGreaterThan(600);
    expect(printed.filter((id) => !worked.has(`publish:${id}`) || !worked.has(`marked:${id}`))).toEqual([]);
  });

  it("works again on what a killed process was working on", async () => {
    const marking = await open();
    await marking.queue.enqueue("a:1");
    await marking.close();
    const hanging = member("hang");
    await hanging.hears((line) => line === "start a:1");
    await hanging.kill();
    const next = member("work");
    await next.hears((line) => line === "end a:1");
  });

  it("rejects what it could not put on the disk, keeps the rest, and goes on when there is room", async () => {
    const database = await openSqlite(folder, clock);
    const publishes = createPublishes(database, {
      states: noopObserver,
      put: async () => undefined,
      keepNew: (one) => database.write((db) => keepNew(db, one, async () => undefined)),
      wake: () => undefined,
    });
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database.read);
    const room = (rows[0]?.page_count ?? 0) + 40;
    await database.write((db) => sql.raw(`pragma max_page_count = ${room}`).execute(db));
    const accept = (id: string) => {
      const values = { filler: "x".repeat(2000) };
      return publishes.accept(announcement({ version: id, values }), { id, at: clock() });
    };
    const ids = Array.from({ length: 900 }, (_, n) => `p${n}`);
    const answers = await Promise.allSettled(ids.map(accept));
    const accepted = ids.filter((_, n) => answers[n]?.status === "fulfilled");
    expect(accepted.length).toBeLessThan(900);
    await database.write((db) => sql`pragma max_page_count = 1000000`.execute(db));
    await accept("afterwards");
    await database.close();
    const store = await open();
    const kept = (await store.publishes.list({ limit: 10_000 })).map(({ id }) => id);
    await store.close();
    expect(new Set(kept)).toEqual(new Set([...accepted, "afterwards"]));
  });

  it("answers for what a power cut leaves: what was in the log when a flush began that has ended since", async () => {
    const survivor = await mkdtemp(join(tmpdir(), "chart-promoter-survivor-"));
    let begun = 0;
    let ended = 0;
    const flush = async () => {
      begun += 1;
      const number = begun;
      cpSync(folder, join(survivor, String(number)), { recursive: true });
      await sleep(5);
      ended = number;
    };
    const database = await openSqlite(folder, clock, flush);
    const insert = async (key: string) => {
      await database.write(async (db) => {
        await db.insertInto("failures").values({ key, tries: 1, since: null }).execute();
      });
      return { key, ended };
    };
    const writer = async (name: string) => {
      const answered: Awaited<ReturnType<typeof insert>>[] = [];
      for (let n = 0; n < 20; n += 1) answered.push(await insert(`${name}-${n}`));
      return answered;
    };
    const answered = (await Promise.all(["a", "b", "c"].map(writer))).flat();
    expect(await database.write(async () => "nothing")).toBe("nothing");
    expect(ended).toBeLessThan(60);
    expect(answered.every((one) => one.ended > 0)).toBe(true);
    await database.close();
    for (let flushed = 1; flushed <= ended; flushed += 1) {
      const left = await openSqlite(join(survivor, String(flushed)), clock);
      const rows = await left.read.selectFrom("failures").select("key").execute();
      await left.close();
      const kept = new Set(rows.map(({ key }) => key));
      const due = answered.filter((one) => one.ended <= flushed).map(({ key }) => key);
      expect(due.filter((key) => !kept.has(key))).toEqual([]);
    }
    await rm(survivor, { recursive: true, force: true });
  });

  it("answers for nothing any more once the disk did not keep something", async () => {
    let isBroken = false;
    const database = await openSqlite(folder, clock, async () => {
      if (isBroken) throw new Error("the disk did not take it");
    });
    const insert = (key: string) =>
      database.write((db) => db.insertInto("failures").values({ key, tries: 1, since: null }).execute());
    await insert("before");
    isBroken = true;
    await expect(insert("broken")).rejects.toThrow("the disk did not take it");
    isBroken = false;
    await expect(insert("afterwards")).rejects.toThrow("the disk did not take it");
    await database.close();
  });

  it("reads what is committed while a unit of work is not over, and waits for none", async () => {
    const database = await openSqlite(folder, clock);
    const known = () => database.read.selectFrom("failures").select("key").execute();
    const begun = Promise.withResolvers<void>();
    const ends = Promise.withResolvers<void>();
    const written = database.write(async (db) => {
      await db.insertInto("failures").values({ key: "a", tries: 1, since: null }).execute();
      begun.resolve();
      await ends.promise;
    });
    await begun.promise;
    expect(await known()).toEqual([]);
    ends.resolve();
    await written;
    expect(await known()).toEqual([{ key: "a" }]);
    await database.close();
  });

  it("undoes a unit of work that failed alone", async () => {
    const database = await openSqlite(folder, clock);
    const failed = database.write(async (db) => {
      await db.insertInto("failures").values({ key: "bad", tries: 1, since: null }).execute();
      throw new RangeError("bad");
    });
    await expect(failed).rejects.toThrow(RangeError);
    expect(await database.read.selectFrom("failures").select("key").execute()).toEqual([]);
    await database.close();
  });

  it("undoes only the work that failed when several share a commit", async () => {
    const database = await openSqlite(folder, clock);
    const insert = (key: string) =>
      database.write(async (db) => {
        await db.insertInto("failures").values({ key, tries: 1, since: null }).execute();
        if (key === "bad") throw new RangeError("bad");
        return key;
      });
    const answers = await Promise.allSettled(["a", "bad", "b"].map(insert));
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const rows = await database.read.selectFrom("failures").select("key").orderBy("key").execute();
    await database.close();
    expect(rows).toEqual([{ key: "a" }, { key: "b" }]);
  });
});
