// Every regular expression of the product was judged: it takes linear time on every text, or it is known what bounds it.

import { expect, test } from "@jest/globals";
import { readExpressions } from "../../src/tools/expressions/read-expressions.ts";
import { readVerdicts } from "../../src/tools/expressions/verdicts.ts";

const { literals, made } = readExpressions();
const verdicts = readVerdicts();
const listed = [...verdicts.linear, ...Object.keys(verdicts.bounded)];

test("each is listed once, and nothing is listed that is gone (UPDATE=1 npm run expressions -- --new)", () => {
  expect(literals.size).toBeGreaterThan(350);
  expect([...literals.keys()].filter((text) => !listed.includes(text))).toEqual([]);
  expect(listed.filter((text) => !literals.has(text))).toEqual([]);
  expect(listed.length).toBe(new Set(listed).size);
});

test("each that is not linear names the inputs that bound it, and each input is named", () => {
  const named = Object.values(verdicts.bounded).flatMap((inputs) => inputs.split(", "));
  expect(named.filter((input) => verdicts.inputs[input] === undefined)).toEqual([]);
  expect(Object.keys(verdicts.inputs).filter((input) => !named.includes(input))).toEqual([]);
});

test("each that is made of other text is counted", () => {
  const counts = Object.entries(verdicts.made).map(([file, said]) => [file, Number.parseInt(said, 10)]);
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(made));
});
