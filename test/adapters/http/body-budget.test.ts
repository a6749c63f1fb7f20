import { expect, test } from "@jest/globals";
import { BodyBudget } from "../../../src/adapters/http/body-budget.ts";

function bodies(limit: number) {
  const budget = new BodyBudget(limit);
  const turnedAway: string[] = [];
  return { open: (name: string) => budget.open(() => turnedAway.push(name)), turnedAway };
}

test("the largest that is on its way is turned away, not the one that asks", () => {
  const { open, turnedAway } = bodies(100);
  open("large").grow(60);
  open("small").grow(30);
  open("newest").grow(20);
  expect(turnedAway).toEqual(["large"]);
});

test("what has arrived stays, and one that finds no room is turned away itself", () => {
  const { open, turnedAway } = bodies(100);
  const whole = open("whole");
  whole.grow(90);
  whole.arrived();
  open("newest").grow(20);
  expect(turnedAway).toEqual(["newest"]);
  whole.release();
  open("later").grow(100);
  expect(turnedAway).toEqual(["newest"]);
});

test("what was turned away or released counts no more, whatever it still sends", () => {
  const { open, turnedAway } = bodies(100);
  const large = open("large");
  large.grow(101);
  large.grow(101);
  large.release();
  const other = open("other");
  other.grow(100);
  other.release();
  open("last").grow(100);
  expect(turnedAway).toEqual(["large"]);
});
