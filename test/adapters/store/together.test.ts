// What is written together: in its order, each answered, and each failing only for itself.

import { expect, test } from "@jest/globals";
import { together } from "../../../src/adapters/store/postgres/together.ts";

test("what arrives while something is written is written together, in parts of at most so many", async () => {
  const written: (readonly number[])[] = [];
  const write = together(async (all: readonly number[]) => {
    written.push(all);
    await Promise.resolve();
    return all.map((one) => one * 10);
  }, 3);
  const answers = await Promise.all([1, 2, 3, 4, 5].map((one) => write(one)));
  expect(answers).toEqual([10, 20, 30, 40, 50]);
  expect(written).toEqual([[1], [2, 3, 4], [5]]);
  expect(await write(6)).toBe(60);
});

test("one that cannot be written fails by itself, and the others do not", async () => {
  const write = together(async (all: readonly number[]) => {
    if (all.includes(3)) throw new RangeError("not 3");
    return all;
  }, 10);
  const ends = await Promise.allSettled([1, 2, 3, 4].map((one) => write(one)));
  expect(ends.map((end) => (end.status === "fulfilled" ? end.value : end.reason))).toEqual([
    1,
    2,
    new RangeError("not 3"),
    4,
  ]);
});
