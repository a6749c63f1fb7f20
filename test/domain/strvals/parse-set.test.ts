import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ValuePath } from "../../../src/domain/model/umbrella.ts";
import { parsePath } from "../../../src/domain/strvals/parse-path.ts";
import { parseSet } from "../../../src/domain/strvals/parse-set.ts";
import { pathText } from "../../../src/domain/strvals/path-text.ts";
import { typedValue } from "../../../src/domain/strvals/typed-value.ts";

type Assignments = readonly (readonly [ValuePath, string | readonly string[]])[];

describe("a line of --set is read as Helm reads it", () => {
  test.each<[string, Assignments]>([
    ["a=1", [[["a"], "1"]]],
    ["image.tag=v1", [[["image", "tag"], "v1"]]],
    [
      "a=1,b=2,",
      [
        [["a"], "1"],
        [["b"], "2"],
      ],
    ],
    ["env[0].value=x", [[["env", 0, "value"], "x"]]],
    ["a[+1][02]=x", [[["a", 1, 2], "x"]]],
    ["a\\.b/c=1", [[["a.b/c"], "1"]]],
    ["a\\=b=1=2", [[["a=b"], "1=2"]]],
    ["a\\[0]=1", [[["a[0]"], "1"]]],
    [
      "a=b\\,c,d=e",
      [
        [["a"], "b,c"],
        [["d"], "e"],
      ],
    ],
    ["a=x\\", [[["a"], "x"]]],
    [
      "a={x,y},b=1",
      [
        [["a"], ["x", "y"]],
        [["b"], "1"],
      ],
    ],
    ["a={x\\,y\\}}", [[["a"], ["x,y}"]]]],
    ["a={}", [[["a"], [""]]]],
    [
      "a={x}b=1",
      [
        [["a"], ["x"]],
        [["b"], "1"],
      ],
    ],
    ["a=\\{x", [[["a"], "{x"]]],
    ["a=", [[["a"], ""]]],
    ["a=[1]", [[["a"], "[1]"]]],
    ["env[0].value=,", [[["env", 0, "value"], ""]]],
    ["tcp.\\8080=x", [[["tcp", "8080"], "x"]]],
    [" a = 1", [[[" a "], " 1"]]],
    ["é\\😀=1", [[["é😀"], "1"]]],
  ])("%s", (line, expected) => {
    const parsed = parseSet(line);
    expect(parsed.ok && parsed.value.map(({ path, text }) => [path, text])).toEqual(expected);
  });
});

describe("a line is refused", () => {
  test.each<[string, string]>([
    ["", "it is empty"],
    ["a", '"a" has no value'],
    ["a.b", '"b" has no value'],
    ["a,b=1", '"a" has no value'],
    ["a=1,,b=2", 'no key in front of ","'],
    ["=1", 'no key in front of "="'],
    [".a=1", 'no key in front of "."'],
    ["[0]=1", 'no key in front of "["'],
    ["a..b=1", "a key is empty"],
    ["a.=1", "a key is empty"],
    ["a={x", "a list must end with }"],
    ["a[0=1", "a [ has no ]"],
    ["a[x]=1", '"x" is no position'],
    ["a[]=1", '"" is no position'],
    ["a[-1]=1", "never negative"],
    ["a[65537]=1", "above 65536"],
    ["a[0]b=1", '"b" stands behind an index'],
    ["a[0]", "0 has no value"],
    ["env.0.value=x", "a key named 0 and no position in a list; write [0]"],
    ["env[0].value=", "end it with a comma"],
    [`${"a.".repeat(31)}b=1`, "deeper than 30 levels"],
  ])("%s", (line, reason) => {
    const parsed = parseSet(line);
    expect(parsed.ok ? parsed.value : parsed.problems[0]?.message).toContain(reason);
  });

  test("thirty levels are none too many", () => {
    expect(parseSet(`${"a.".repeat(30)}b=1`).ok).toBe(true);
  });
});

test.each<[string, string | bigint | boolean | null]>([
  ["true", true],
  ["FALSE", false],
  ["falſe", false],
  ["Null", null],
  ["0", 0n],
  ["-0", 0n],
  ["+5", 5n],
  ["-007", -7n],
  ["007", "007"],
  ["1.5", "1.5"],
  ["1e3", "1e3"],
  ["1_000", "1_000"],
  ["yes", "yes"],
  ["", ""],
  ["9223372036854775807", 9223372036854775807n],
  ["9223372036854775808", "9223372036854775808"],
])("the value %s looks like %p", (text, value) => {
  expect(typedValue(text)).toBe(value);
});

test("a path that ends early is no path", () => {
  expect(parsePath("a=b").ok).toBe(false);
  expect(parsePath("a,b").ok).toBe(false);
});

test("a path written out is read back", () => {
  const key = fc.string({ minLength: 1, unit: fc.constantFrom(...Array.from("ab01.[]=,\\{} é")) });
  const path = fc.tuple(key, fc.array(fc.oneof(key, fc.nat(65_536)), { maxLength: 5 }));
  fc.assert(
    fc.property(path, ([first, rest]) => {
      expect(parsePath(pathText([first, ...rest]))).toEqual({ ok: true, value: [first, ...rest] });
    }),
  );
});
