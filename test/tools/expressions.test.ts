// Every regular expression of the product was judged: it takes linear time on every text, or what bounds it at each place where it
// is used is known, and it is quick on the slowest text that gets there.

import { describe, expect, test } from "@jest/globals";
import { readExpressions } from "../../src/tools/expressions/read-expressions.ts";
import { readVerdicts } from "../../src/tools/expressions/verdicts.ts";

const { literals, files, made } = readExpressions();
const verdicts = readVerdicts();
const listed = [...verdicts.linear, ...Object.keys(verdicts.bounded)];

test("each is listed once, and nothing is listed that is gone (UPDATE=1 npm run expressions -- --new)", () => {
  expect(literals.size).toBeGreaterThan(350);
  expect([...literals.keys()].filter((text) => !listed.includes(text))).toEqual([]);
  expect(listed.filter((text) => !literals.has(text))).toEqual([]);
  expect(listed.length).toBe(new Set(listed).size);
});

describe.each(Object.entries(verdicts.bounded))("%s is not proved linear", (written, bound) => {
  test("is used where it is said to be, and said to be bounded by something", () => {
    expect([...(files.get(written) ?? [])].sort()).toEqual([...bound.in].sort());
    expect(bound.by).not.toBe("");
    expect(bound.longest).toBeGreaterThan(0);
  });

  test("takes less than a tenth of a second on the longest text of its slowest kind", () => {
    const { source, flags } = literals.get(written) ?? { source: "", flags: "" };
    const expression = new RegExp(source, flags);
    const [begin, repeated, end] = bound.slow;
    const times = Math.ceil((bound.longest - begin.length - end.length) / repeated.length);
    const slow = begin + repeated.repeat(times) + end;
    const before = process.threadCpuUsage();
    slow.replace(expression, "");
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(100);
  });
});

test("each that is made of other text is counted", () => {
  const counts = Object.entries(verdicts.made).map(([file, verdict]) => [file, Number.parseInt(verdict, 10)]);
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(made));
});
