// What is decided in a thread is what is decided here, and what is too large to be decided is told as a problem.

import { afterAll, expect, test } from "@jest/globals";
import { ThreadedDecisions } from "../../../src/adapters/decisions/threaded-decisions.ts";
import { weightOf } from "../../../src/adapters/decisions/weight.ts";
import { DECISIONS } from "../../../src/reconcile/ports/decisions.ts";

const decisions = new ThreadedDecisions();
afterAll(() => decisions.close());

function umbrella(dependencies: number): ReadonlyMap<string, string> {
  const entries = Array.from({ length: dependencies }, (_, n) => `  - {name: n${n}, version: 1.0.${n}}\n`);
  return new Map([
    ["Chart.yaml", "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    ["requirements.yaml", `dependencies:\n${entries.join("")}`],
  ]);
}

test.each([1, 1_000])(
  "an umbrella chart of %i dependencies is read alike here and in a thread",
  async (count) => {
    const files = umbrella(count);
    const decided = await decisions.decide("acme", "readUmbrella", files, new Map());
    expect(decided).toEqual(DECISIONS.readUmbrella(files, new Map()));
    expect(decided.ok && decided.value.dependencies).toHaveLength(count);
  },
);

test("maps, dates and versions come through a thread as they are", async () => {
  const texts = { fork: umbrella(900), base: umbrella(900), head: umbrella(901) };
  const decided = await decisions.decide("acme", "readChange", texts, new Map());
  expect(decided).toEqual(DECISIONS.readChange(texts, new Map()));
  expect(decided.ok && decided.value.entries.filter(({ moves }) => moves)).toHaveLength(1);
});

test("a weight is counted no further than asked for", () => {
  const shared = { text: "x".repeat(100) };
  expect(weightOf({ a: "abc", b: [1, null], c: new Map([["key", "value"]]) }, 1_000)).toBe(16);
  expect(
    weightOf(
      Array.from({ length: 1_000_000 }, () => shared),
      500,
    ),
  ).toBe(500);
  expect(weightOf("x".repeat(10_000), 500)).toBe(500);
});

test("of hundreds that are decided at once the event loop turns in between", async () => {
  let turns = 0;
  const count = () => {
    turns += 1;
    if (isOpen) setImmediate(count);
  };
  let isOpen = true;
  setImmediate(count);
  for (let n = 0; n < 300; n++) await decisions.decide("acme", "readUmbrella", umbrella(100), new Map());
  isOpen = false;
  expect(turns).toBeGreaterThan(3);
});
