// The rows of `npm run bench`: what is compared with what, and how it grows.

import { expect, test } from "@jest/globals";
import { compare, doubling } from "../../src/tools/bench/row.ts";
import { lineOf } from "../../src/tools/bench/table.ts";

const ABOUT = { what: "a move", against: "a parse", unit: "ms" } as const;

test("each round is divided by what was run beside it, the first of each being none", async () => {
  const [measured, beside] = [
    [1000, 30, 20, 90],
    [1, 10, 10, 10],
  ];
  const row = await compare({
    ...{ ...ABOUT, rounds: 3 },
    measured: () => measured.shift() ?? 0,
    beside: () => beside.shift() ?? 0,
  });
  expect(row).toMatchObject({ ratio: { median: 3, least: 2, most: 9 }, median: 30, rounds: 3 });
  expect([measured, beside]).toEqual([[], []]);
});

test("what is quadratic grows fourfold each time the size doubles, and the row is that of the last size", async () => {
  const cost = (unit: "ms" | "MB", measured: number) =>
    compare({ ...ABOUT, unit, rounds: 1, measured: () => measured, beside: () => 100 });
  const rows = await doubling({ first: 10, last: 40 }, async (size) => [
    await cost("ms", size * size),
    await cost("MB", size),
  ]);
  expect(rows.map((row) => lineOf("moves", row))).toEqual([
    "| moves | a move | a parse | **16** [16–16] | 1,600 ms | × 4, × 4 |",
    "| moves | a move | a parse | **0.4** [0.4–0.4] | 40 MB | × 2, × 2 |",
  ]);
});
