import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { parseJson } from "../../src/intake/body/json.ts";
import { findFault } from "../../src/intake/body/json-fault.ts";

describe("the place where JSON breaks", () => {
  test.each([
    ["{", 1, "a key or }"],
    ['{"a"', 4, ":"],
    ['{"a":1', 6, ", or }"],
    ['{"a":1,}', 7, "a key"],
    ["{'a':1}", 1, "a key or }"],
    ["[1,]", 3, "a value"],
    ["[1 2]", 3, ", or ]"],
    ["[1}", 2, ", or ]"],
    ["01", 1, "nothing more"],
    ["nul", 0, "a value"],
    ['"a', 2, "a closing quote"],
    ['"a\nb"', 2, "a closing quote"],
    ['"\\x"', 1, "an escape that JSON knows"],
    ["", 0, "a value"],
    ["{} {}", 3, "nothing more"],
  ])("%j", (text, offset, expected) => {
    expect(findFault(text)).toEqual({ offset, expected });
  });

  test("is the very character that was put in between", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c") });
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, word, fc.array(tie("tree")), fc.dictionary(word, tie("tree"))),
    }));
    fc.assert(
      fc.property(tree, fc.nat(), (value, at) => {
        const text = JSON.stringify(value);
        const cut = at % text.length;
        expect(findFault(`${text.slice(0, cut)}\u0001${text.slice(cut)}`).offset).toBe(cut);
      }),
    );
  });

  test("is found for exactly those texts that JSON.parse refuses", () => {
    const nearlyJson = fc.string({
      unit: fc.constantFrom(...Array.from('{}[]:,"\\ntrue01.-+eE u/'), "null", "1", '"a"'),
    });
    fc.assert(
      fc.property(fc.oneof(nearlyJson, fc.json()), (text) => {
        const { offset, expected } = findFault(text);
        expect(offset === text.length && expected === "nothing more").toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("line and column count from 1, and columns are characters", () => {
  expect(parseJson(Buffer.from('{\n  "ä": x\n}'))).toMatchObject({
    problems: [{ message: 'The body is not JSON: expected a value but found "x" at line 2, column 8.' }],
  });
});

test("any JSON that can be stored comes back as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes("__proto__"));
      expect(parseJson(Buffer.from(text))).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

test("a map of very many keys is refused, whoever would read it", () => {
  const map = (keys: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, n) => [n, 1])));
  expect(parseJson(Buffer.from(map(5_000))).ok).toBe(true);
  expect(parseJson(Buffer.from(`[${map(5_001)}]`), { values: 500_000 })).toMatchObject({
    problems: [{ code: "malformed", message: "The body has a map with more than 5000 keys." }],
  });
});
