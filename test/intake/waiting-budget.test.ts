import { expect, test } from "@jest/globals";
import { WaitingBudget } from "../../src/intake/caller/waiting-budget.ts";

const QUOTA = { perMinute: 1, burst: 1, waitingBytes: 100 };
const second = (n: number) => new Date(Date.UTC(2026, 0, 2) + n * 1_000);

function counting(bytes: number) {
  const state = { bytes, counts: 0 };
  const budget = new WaitingBudget(
    () => [{ name: "pipeline", quota: QUOTA }],
    async () => {
      state.counts += 1;
      return { count: 7, bytes: state.bytes };
    },
  );
  return { state, take: (taken: number, at: number) => budget.take("pipeline", taken, second(at)) };
}

test("what was taken since the last count counts, and nothing is counted for it", async () => {
  const { state, take } = counting(40);
  for (const at of [0, 1, 2]) expect(await take(20, at)).toBeUndefined();
  expect(await take(20, 3)).toEqual({ waiting: { count: 7, bytes: 40 }, mostBytes: 100 });
  expect(state.counts).toBe(1);
});

test("where there is no room, it is counted again after five seconds", async () => {
  const { state, take } = counting(100);
  expect(await take(20, 0)).toBeDefined();
  state.bytes = 0;
  expect(await take(20, 4)).toBeDefined();
  expect(await take(20, 5)).toBeUndefined();
  expect(state.counts).toBe(2);
});

test("what others let in is seen within a minute", async () => {
  const { state, take } = counting(0);
  expect(await take(20, 0)).toBeUndefined();
  state.bytes = 100;
  expect(await take(20, 59)).toBeUndefined();
  expect(await take(20, 60)).toBeDefined();
});

test("many at once do not all find the same room", async () => {
  const { state, take } = counting(0);
  const answers = await Promise.all(Array.from({ length: 20 }, () => take(20, 0)));
  expect(answers.filter((full) => full === undefined)).toHaveLength(5);
  expect(state.counts).toBe(1);
});

test("a count that fails is tried again, and who is no publisher has no budget", async () => {
  const outcomes = [Promise.reject(new Error("away")), Promise.resolve({ count: 0, bytes: 0 })];
  const budget = new WaitingBudget(
    () => [{ name: "pipeline" }],
    () => outcomes.shift() ?? Promise.reject(new Error("counted too often")),
  );
  await expect(budget.take("pipeline", 1, second(0))).rejects.toThrow("away");
  expect(await budget.take("pipeline", 1, second(0))).toBeUndefined();
  expect(await budget.take("museum:jenkins", 2 ** 30, second(0))).toBeUndefined();
});
