// How often GitHub is asked for the token of a code, by whom: one address does not use up what is there for others.

import { expect, test } from "@jest/globals";
import { SignInBudget } from "../../../src/adapters/dashboard/sign-in/sign-in-budget.ts";

const MINUTE_MS = 60_000;

function budgetAt() {
  let now = Date.parse("2026-10-01T00:00:00Z");
  const budget = new SignInBudget(() => new Date(now));
  const taken = (address: string, times = 1_000) =>
    Array.from({ length: times }, () => budget.take(address)).filter((wait) => wait === undefined).length;
  return { budget, taken, pass: (ms: number) => (now += ms) };
}

test("one address has a bucket of its own, which fills again", () => {
  const { budget, taken, pass } = budgetAt();
  expect([taken("192.0.2.1"), taken("192.0.2.2")]).toEqual([20, 20]);
  expect(budget.take("192.0.2.1")).toBe(10_000);
  pass(MINUTE_MS);
  expect(taken("192.0.2.1")).toBe(6);
});

test("all addresses together have one as well", () => {
  const { taken } = budgetAt();
  const all = Array.from({ length: 100 }, (_, n) => taken(`192.0.2.${n}`));
  expect(all.reduce((sum, one) => sum + one)).toBe(300);
});

test("what is given back is there again, and never more than before", () => {
  const { budget, taken } = budgetAt();
  for (let n = 0; n < 100; n++) {
    expect(budget.take("192.0.2.1")).toBeUndefined();
    budget.giveBack("192.0.2.1");
  }
  budget.giveBack("192.0.2.1");
  expect(taken("192.0.2.1")).toBe(20);
});

test("hosts of one network of IPv6 share what one address has", () => {
  const { taken } = budgetAt();
  expect(
    ["2001:db8::1", "2001:db8:0:0:ffff::2", "2001:0db8:0000::3", "2001:db8:0:1::1"].map((one) => taken(one)),
  ).toEqual([20, 0, 0, 20]);
});
