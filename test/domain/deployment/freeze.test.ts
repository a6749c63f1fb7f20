import { expect, test } from "@jest/globals";
import { frozenUntil } from "../../../src/domain/deployment/freeze.ts";

const day = (date: number) => new Date(Date.UTC(2026, 11, date));
const freeze = (from: number, to: number) => ({ from: day(from), to: day(to), reason: "holidays" });

test.each([
  ["no freeze", [], 5, undefined],
  ["before it", [freeze(10, 12)], 9, undefined],
  ["at its first instant", [freeze(10, 12)], 10, 12],
  ["at its end it is over", [freeze(10, 12)], 12, undefined],
  ["one goes on where another ends", [freeze(12, 14), freeze(10, 12)], 10, 14],
  ["the longest of those that overlap", [freeze(10, 12), freeze(9, 20), freeze(11, 13)], 10, 20],
  ["a gap ends it", [freeze(10, 12), freeze(13, 14)], 10, 12],
])("%s", (...[, freezes, at, until]) => {
  expect(frozenUntil(freezes, day(at))).toEqual(until === undefined ? undefined : day(until));
});
