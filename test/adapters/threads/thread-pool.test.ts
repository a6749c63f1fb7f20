// Jobs that never end or eat all memory are given up, and take nobody along.

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { Lanes } from "../../../src/adapters/threads/lanes.ts";
import { ThreadPool } from "../../../src/adapters/threads/thread-pool.ts";
import type { Order } from "./jobs.ts";

const JOBS = new URL("./jobs.ts", import.meta.url);
const LATE_JOBS = new URL("./late-jobs.ts", import.meta.url);
const open: ThreadPool[] = [];

function pool(deadlineMs = 1_500, script = JOBS): ThreadPool {
  const limits = { seats: 2, perFlow: 1 };
  const lanes = new Lanes({ quick: limits, slow: { seats: 1, perFlow: 1 }, quickMs: 500 });
  const threads = new ThreadPool({ script, memoryMb: 64, deadlineMs }, { lanes });
  open.push(threads);
  return threads;
}

afterEach(() => Promise.all(open.splice(0).map((threads) => threads.close())));

function ask(threads: ThreadPool, order: Order, flow = "mallory") {
  return threads.run<string>({ flows: [flow], input: order });
}

test("a job is answered, by the same thread again and again", async () => {
  const threads = pool();
  for (const say of ["one", "two", "three"])
    expect(await ask(threads, { say })).toEqual({ kind: "done", value: say });
});

test("what a thread takes to start is no part of the time that its first job has", async () => {
  const threads = pool(400, LATE_JOBS);
  const begun = performance.now();
  expect(await threads.run<string>({ flows: ["alice"], input: "done" })).toEqual({
    kind: "done",
    value: "done",
  });
  expect(performance.now() - begun).toBeGreaterThan(1_500);
});

test("a thread that was prepared takes the first job at once", async () => {
  const threads = pool(400, LATE_JOBS);
  threads.prepare();
  threads.prepare();
  await sleep(2_500);
  const begun = performance.now();
  const outcome = await threads.run<string>({ flows: ["alice"], input: "done" });
  expect(outcome).toEqual({ kind: "done", value: "done" });
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test("of a prepared thread that cannot start, the first job says so", async () => {
  const threads = pool(400, new URL("./nowhere.ts", import.meta.url));
  threads.prepare();
  await sleep(500);
  await expect(threads.run<string>({ flows: ["alice"], input: "done" })).rejects.toThrow("nowhere");
});

test("a job that eats all memory is given up, and the next one of its flow is done", async () => {
  const threads = pool(20_000);
  expect(await ask(threads, { eat: "memory" })).toEqual({
    kind: "given-up",
    because: "it takes more than 64 MiB of memory",
  });
  expect(await ask(threads, { say: "still here" })).toEqual({ kind: "done", value: "still here" });
});

test("a job that never ends is given up at its deadline", async () => {
  expect(await ask(pool(), { spin: "forever" })).toEqual({
    kind: "given-up",
    because: "it takes more than 1.5 seconds",
  });
});

test("however many jobs of one flow never end, another flow waits for none of them", async () => {
  const threads = pool(30_000);
  await ask(threads, { say: "warm" }, "alice");
  for (let n = 0; n < 5; n++) void ask(threads, { spin: "forever" });
  const begun = performance.now();
  for (let n = 0; n < 5; n++) await ask(threads, { say: "quick" }, "alice");
  expect(performance.now() - begun).toBeLessThan(1_000);
});
