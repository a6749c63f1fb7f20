// The queue: marks merge, keys are worked on one at a time, failures wait and are never lost.

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import type { WorkOptions } from "../../../../src/reconcile/ports/store/queue.ts";
import type { Current } from "./contract.ts";

const BACKOFF = { firstMs: 1, factor: 2, maxMs: 5, giveUpAfterMs: 60_000 };

type Handle = WorkOptions["reconcile"];

export function describeQueue(store: Current): void {
  const work = async (handle: Handle, change: Partial<WorkOptions> = {}) => {
    const failures: string[] = [];
    const onFailure: WorkOptions["onFailure"] = (key, _error, outcome) => failures.push(`${key} ${outcome}`);
    await store().queue.work({ concurrency: 4, reconcile: handle, onFailure, backoff: BACKOFF, ...change });
    return failures;
  };
  const settled = () =>
    until(async () => {
      const { due, later, running } = await store().queue.depth();
      return due + later + running === 0;
    });

  describe("the queue", () => {
    it("merges marks of one key that waits", async () => {
      const keys: string[] = [];
      for (const key of ["a:1", "a:1", "a:2", "a:1"]) await store().queue.enqueue(key);
      expect(await store().queue.depth()).toEqual({ due: 2, later: 0, running: 0, dead: 0 });
      await work(async (key) => noted(keys, key));
      await settled();
      expect(keys.sort()).toEqual(["a:1", "a:2"]);
    });

    it("runs a key once more when it is marked while it runs", async () => {
      const gate = Promise.withResolvers<void>();
      let runs = 0;
      await work(async () => {
        runs += 1;
        if (runs === 1) await gate.promise;
        return undefined;
      });
      await store().queue.enqueue("a:1");
      await until(() => runs === 1);
      for (let n = 0; n < 3; n += 1) await store().queue.enqueue("a:1");
      expect(await store().queue.depth()).toMatchObject({ running: 1, due: 1 });
      gate.resolve();
      await settled();
      expect(runs).toBe(2);
    });

    it("works on different keys at once and never twice on one", async () => {
      const running = new Set<string>();
      let overlaps = 0;
      let most = 0;
      await work(async (key) => {
        if (running.has(key)) overlaps += 1;
        running.add(key);
        most = Math.max(most, running.size);
        await sleep(15);
        running.delete(key);
        return undefined;
      });
      await Promise.all(Array.from({ length: 60 }, (_, n) => store().queue.enqueue(`a:${n % 6}`)));
      await settled();
      expect(overlaps).toBe(0);
      expect(most).toBeGreaterThan(1);
      expect(most).toBeLessThanOrEqual(4);
    });

    it("misses no mark: the last run of a key begins after its last mark", async () => {
      const marked = new Map<string, number>();
      const seen = new Map<string, number>();
      await work(async (key) => {
        seen.set(key, marked.get(key) ?? 0);
        await sleep(2);
        return undefined;
      });
      for (let n = 1; n <= 40; n += 1) {
        const key = `a:${n % 3}`;
        marked.set(key, n);
        await store().queue.enqueue(key);
      }
      await settled();
      expect(seen).toEqual(marked);
    });

    it("takes the more urgent first", async () => {
      const keys: string[] = [];
      await store().queue.enqueue("low");
      await store().queue.enqueue("high", { priority: 2 });
      await store().queue.enqueue("raised");
      await store().queue.enqueue("raised", { priority: 3 });
      await store().queue.enqueue("raised", { priority: 1 });
      await work(async (key) => noted(keys, key), { concurrency: 1 });
      await settled();
      expect(keys).toEqual(["raised", "high", "low"]);
    });

    it("keeps work all at once, each key as if it were alone", async () => {
      const later = new Date(Date.now() + 3_600_000);
      const keys = ["a:2", "a:1", "a:2", "a:3"];
      await store().queue.enqueueAll([]);
      await store().queue.enqueueAll(keys.map((key) => ({ key, after: later })));
      await store().queue.enqueueAll([{ key: "a:1", priority: 1 }, { key: "a:3" }]);
      expect(await store().queue.depth()).toMatchObject({ due: 2, later: 1 });
      const done: string[] = [];
      await work(async (key) => noted(done, key), { concurrency: 1 });
      await until(() => done.length === 2);
      expect(done).toEqual(["a:1", "a:3"]);
    });

    it("takes turns between owners, however much one of them has waiting", async () => {
      const owner = (id: number) => ({ owner: { kind: "installation", id } as const });
      const many = Array.from({ length: 300 }, (_, n) => ({ key: `hog:${n}`, ...owner(1) }));
      await store().queue.enqueueAll(many);
      await store().queue.enqueueAll(["b:1", "b:2", "b:3"].map((key) => ({ key, ...owner(2) })));
      await store().queue.enqueue("c:1", owner(3));
      const done: string[] = [];
      await work(async (key) => noted(done, key), { concurrency: 1 });
      await until(() => done.length > 20);
      expect(done.slice(0, 20)).toEqual(expect.arrayContaining(["b:1", "b:2", "b:3", "c:1"]));
      expect(done.filter((key) => key.startsWith("b:"))).toEqual(["b:1", "b:2", "b:3"]);
    });

    it("leaves places for others when one owner's work does not end", async () => {
      const owner = (id: number) => ({ owner: { kind: "installation", id } as const });
      const started: string[] = [];
      const gate = Promise.withResolvers<void>();
      await work(
        async (key) => {
          started.push(key);
          if (key.startsWith("hog:")) await gate.promise;
          return undefined;
        },
        { concurrency: 4, ofOwner: 3 },
      );
      await store().queue.enqueueAll(Array.from({ length: 9 }, (_, n) => ({ key: `hog:${n}`, ...owner(1) })));
      await until(() => started.length === 3);
      await store().queue.enqueue("b:1", owner(2));
      await store().queue.enqueue("nobody's");
      await until(() => started.length === 5);
      expect(started.slice(3).sort()).toEqual(["b:1", "nobody's"]);
      gate.resolve();
      await settled();
      expect(new Set(started).size).toBe(11);
    });

    it("waits for `after`, and lets the earlier of two marks win", async () => {
      const keys: string[] = [];
      const later = new Date(Date.now() + 3_600_000);
      await store().queue.enqueue("a:1", { after: later });
      await store().queue.enqueue("a:2", { after: later });
      await store().queue.enqueue("a:2");
      await store().queue.enqueue("a:3");
      await store().queue.enqueue("a:3", { after: later });
      expect(await store().queue.depth()).toMatchObject({ due: 2, later: 1 });
      await work(async (key) => noted(keys, key));
      await until(() => keys.length === 2);
      expect(keys.sort()).toEqual(["a:2", "a:3"]);
      expect(await store().queue.depth()).toMatchObject({ due: 0, later: 1 });
    });

    it("looks again by itself when the handler says so", async () => {
      const starts: number[] = [];
      await work(async () => {
        starts.push(Date.now());
        return starts.length === 1 ? { requeueAt: new Date(Date.now() + 300) } : undefined;
      });
      await store().queue.enqueue("a:1");
      await until(() => starts.length === 2);
      expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(295);
      await settled();
    });

    it("tries a failing key again, counting, until it succeeds", async () => {
      const tries: number[] = [];
      const failures = await work(async (_key, earlier) => {
        tries.push(earlier);
        if (earlier < 2) throw new Error("not yet");
        return undefined;
      });
      await store().queue.enqueue("a:1");
      await settled();
      await store().queue.enqueue("a:1");
      await until(() => tries.length >= 4);
      expect(tries.slice(0, 3)).toEqual([0, 1, 2]);
      expect(tries[3]).toBe(0);
      expect(failures.slice(0, 2)).toEqual(["a:1 retry", "a:1 retry"]);
    });

    it("postpones on `retryAt` without using up a try, however short its patience", async () => {
      const tries: number[] = [];
      const failures = await work(
        async (_key, earlier) => {
          tries.push(earlier);
          if (tries.length < 3)
            throw Object.assign(new Error("limited"), { retryAt: new Date(Date.now() + 50) });
          return undefined;
        },
        { backoff: { ...BACKOFF, giveUpAfterMs: 0 } },
      );
      await store().queue.enqueue("a:1");
      await settled();
      expect(tries).toEqual([0, 0, 0]);
      expect(failures).toEqual(["a:1 retry", "a:1 retry"]);
      expect(await store().queue.dead()).toEqual([]);
    });

    it("shows a key that failed for too long, and replays it", async () => {
      let broken = true;
      const failures = await work(
        async () => {
          if (broken) throw new RangeError("for good");
          return undefined;
        },
        { backoff: { ...BACKOFF, giveUpAfterMs: 30 } },
      );
      await store().queue.enqueue("a:1");
      await until(() => failures.at(-1) === "a:1 dead");
      const [dead] = await store().queue.dead();
      expect(dead).toMatchObject({ key: "a:1", error: "RangeError: for good", tries: failures.length });
      expect(failures.length).toBeGreaterThan(1);
      expect(failures.at(-1)).toBe("a:1 dead");
      expect(await store().queue.depth()).toEqual({ due: 0, later: 0, running: 0, dead: 1 });
      expect(await store().queue.replay("a:2")).toBe(false);
      broken = false;
      expect(await store().queue.replay("a:1")).toBe(true);
      await settled();
      expect(await store().queue.dead()).toEqual([]);
      expect(await store().queue.replay("a:1")).toBe(false);
    });

    it("runs a dead key again when it is marked, and takes it off the list when that succeeds", async () => {
      let broken = true;
      await work(
        async () => {
          if (broken) throw new Error("for good");
          return undefined;
        },
        { backoff: { ...BACKOFF, giveUpAfterMs: 0 } },
      );
      await store().queue.enqueue("a:1");
      await until(async () => (await store().queue.dead()).length === 1);
      broken = false;
      await store().queue.enqueue("a:1");
      await settled();
      expect(await store().queue.dead()).toEqual([]);
    });

    it("stops: waits for running work, claims no more, takes marks still", async () => {
      const runs: string[] = [];
      let aborted = false;
      await work(
        async (key, _tries, { signal, isHeld }) => {
          await sleep(80);
          aborted = signal.aborted && isHeld();
          return noted(runs, key);
        },
        { concurrency: 1 },
      );
      await store().queue.enqueue("a:1", { priority: 1 });
      await until(async () => (await store().queue.depth()).running === 1);
      await store().queue.enqueue("a:2");
      await store().queue.stop(5000);
      await store().queue.enqueue("a:3");
      expect(runs).toEqual(["a:1"]);
      expect(aborted).toBe(true);
      expect(await store().queue.depth()).toMatchObject({ due: 2, running: 0 });
    });

    it("gives back what does not end within the grace, without calling it a failure", async () => {
      let wasHeld = true;
      const failures = await work(
        (_key, _tries, { signal, isHeld }) =>
          new Promise((_resolve, reject) => {
            const end = () => {
              wasHeld = isHeld();
              reject(new Error("aborted"));
            };
            signal.addEventListener("abort", () => setTimeout(end, 300));
          }),
      );
      await store().queue.enqueue("a:1");
      await until(async () => (await store().queue.depth()).running === 1);
      const start = Date.now();
      await store().queue.stop(50);
      expect(Date.now() - start).toBeLessThan(290);
      await sleep(350);
      expect(wasHeld).toBe(false);
      expect(failures).toEqual([]);
      const { due, running } = await store().queue.depth();
      expect(due + running).toBe(1);
    });
  });
}

function noted(keys: string[], key: string): undefined {
  keys.push(key);
}

/** Polls until `holds`, for at most 15 seconds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(5)) if (await holds()) return;
  throw new Error("It did not come about within 15 seconds.");
}
