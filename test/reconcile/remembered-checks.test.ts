import { expect, test } from "@jest/globals";
import { RememberedChecks } from "../../src/reconcile/check-run/remembered-checks.ts";

const SHA = "a".repeat(40);
const good = { id: 10, externalId: "good" };
const held = { id: 11, externalId: "held" };

test("what was read is the newest check, unless a later one was written here", () => {
  const written = new RememberedChecks();
  expect(written.newest(1, SHA, undefined)).toBeUndefined();
  written.add(1, SHA, good);
  expect(written.newest(1, SHA, undefined)).toBe(good);
  expect(written.newest(2, SHA, undefined)).toBeUndefined();
  expect(written.newest(1, "b".repeat(40), undefined)).toBeUndefined();
});

test("a check whose writing got no answer, or that another replica wrote, is the newest once it is read", () => {
  const written = new RememberedChecks();
  written.add(1, SHA, good);
  expect(written.newest(1, SHA, held)).toBe(held);
  written.add(1, SHA, held);
  expect(written.newest(1, SHA, good)).toBe(held);
});

test("it remembers a thousand", () => {
  const written = new RememberedChecks();
  for (let n = 0; n <= 1_000; n++) written.add(n, SHA, good);
  expect(written.newest(0, SHA, undefined)).toBeUndefined();
  expect(written.newest(1, SHA, undefined)).toBe(good);
});
