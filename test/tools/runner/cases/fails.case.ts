import { describe, expect, jest, test } from "@jest/globals";

test("passes", () => expect(1).toBe(1));

test("expects in vain", () => expect(1).toBe(2));

test("throws", async () => {
  throw new Error("thrown");
});

test("never ends", () => new Promise(() => {}), 100);

test("leaves a rejection behind", async () => {
  void Promise.reject(new Error("left behind"));
  await new Promise(setImmediate);
});

describe.each([1, 2])("table %i", (number) => {
  test("odd", () => expect(number % 2).toBe(1));
});

test.skip("skipped", () => expect(1).toBe(2));

test("has the clock of Jest", () => {
  jest.useFakeTimers({ now: 1_000 });
  expect(Date.now()).toBe(1_000);
});

test("leaves the clock to others", () => {
  jest.useRealTimers();
  expect(Date.now()).toBeGreaterThan(1_000_000);
});
