import { expect, test } from "@jest/globals";
import { RetrySlots } from "../../../src/reconcile/publish/retry-slots.ts";

const NOW = new Date("2026-01-02T03:04:05Z");

function secondsUntil(then: Date): number {
  return (then.getTime() - NOW.getTime()) / 1000;
}

test("3,000 publishes of one publisher take two and a half minutes, and nobody else waits for them", () => {
  const slots = new RetrySlots();
  const given = Array.from({ length: 3_000 }, () => slots.next("mallory", NOW));
  expect(secondsUntil(given[0] ?? NOW)).toBe(0);
  expect(secondsUntil(given.at(-1) ?? NOW)).toBeCloseTo(150, 0);
  expect(slots.next("alice", NOW)).toEqual(NOW);
});

test("a slot is never before it is wanted", () => {
  const slots = new RetrySlots();
  const later = new Date(NOW.getTime() + 60_000);
  expect(slots.next("alice", later)).toEqual(later);
  expect(slots.next("alice", NOW).getTime()).toBeGreaterThan(later.getTime());
});
