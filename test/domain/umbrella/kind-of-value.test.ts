// The kind that a value given by its look gets, and what a reviewer is told of it. The right side is what a template
// prints for it, as real Helm (4.1.4) does.

import { describe, expect, test } from "@jest/globals";
import type { ValueSetting } from "../../../src/domain/model/umbrella.ts";
import { parseSet } from "../../../src/domain/strvals/parse-set.ts";
import { editValues } from "../../../src/domain/umbrella/values/edit-values.ts";

function edited(
  text: string,
  ...settings: readonly ValueSetting[]
): { text: string; notes: readonly string[] } {
  const result = editValues(new Map([["values.yaml", text]]), {
    values: settings.map((setting) => ({ chart: "x", ...setting })),
    valuesFiles: ["values.yaml"],
  });
  if (!result.ok) return { text: JSON.stringify(result.problems), notes: [] };
  return { text: result.value.files.get("values.yaml") ?? "", notes: result.value.notes };
}

function looks(line: string): readonly ValueSetting[] {
  const parsed = parseSet(line);
  return parsed.ok ? parsed.value.map(({ path, text }) => ({ path, untyped: text })) : [];
}

describe("--set keeps the kind of what stands there", () => {
  test.each<[string, string, string, string]>([
    ["a quoted tag stays a text", 'x: {tag: "20240101"}\n', "tag=20240115", 'x: {tag: "20240115"}\n'],
    ["a plain tag stays a text", "x:\n  tag: v1\n", "tag=20240115", 'x:\n  tag: "20240115"\n'],
    ["and so does true", 'x:\n  flag: "false"\n', "flag=true", 'x:\n  flag: "true"\n'],
    ["a number stays a number", "x:\n  num: 5\n", "num=20240115", "x:\n  num: 20240115\n"],
    ["also one with a point", "x:\n  num: 1.0\n", "num=1.5", "x:\n  num: 1.5\n"],
    [
      "that it would print in other characters is a text",
      "x:\n  num: 1.0\n",
      "num=1.50",
      'x:\n  num: "1.50"\n',
    ],
    [
      "a number too large to be exact is a text",
      "x:\n  num: 1\n",
      "num=9007199254740993",
      'x:\n  num: "9007199254740993"\n',
    ],
    ["a boolean stays a boolean", "x:\n  b: no\n", "b=true", "x:\n  b: true\n"],
    ["null takes the place of anything", 'x:\n  tag: "1"\n', "tag=null", "x:\n  tag: null\n"],
    ["a list of texts stays one", 'x:\n  a: ["1"]\n', "a={2,3}", 'x:\n  a: ["2", "3"]\n'],
    ["a list of numbers stays one", "x:\n  a: [1]\n", "a={2,3}", "x:\n  a: [2, 3]\n"],
  ])("%s", (_name, ...[before, line, after]) => {
    expect(edited(before, ...looks(line)).text).toBe(after);
  });
});

describe("--set where nothing stands takes Helm's own types", () => {
  test.each<[string, string]>([
    ["num=5", "x:\n  num: 5\n"],
    ["num=999999", "x:\n  num: 999999\n"],
    ["num=1000000", 'x:\n  num: "1000000"\n'],
    ["tag=+20240115", 'x:\n  tag: "20240115"\n'],
    ["num=1.10", 'x:\n  num: "1.10"\n'],
    ["num=007", 'x:\n  num: "007"\n'],
    ["num=no", 'x:\n  num: "no"\n'],
    ["num=", 'x:\n  num: ""\n'],
    ["num=TRUE", "x:\n  num: true\n"],
    ["num={a,2,null}", "x:\n  num:\n    - a\n    - 2\n    - null\n"],
    [
      "env[0].name=A,env[0].value=1,env[1].name=B",
      "x:\n  env:\n    - name: A\n      value: 1\n    - name: B\n",
    ],
  ])("%s", (line, after) => {
    expect(edited("", ...looks(line)).text).toBe(after);
  });
});

test("a text stays one that Helm's --set-string would make", () => {
  expect(edited("x:\n  num: 5\n", { path: ["num"], value: "6" }).text).toBe('x:\n  num: "6"\n');
});

describe("a reviewer is told", () => {
  test.each<[string, string, ValueSetting, string]>([
    [
      "what a template prints for a large number",
      "x:\n  num: 5\n",
      { path: ["num"], value: 20240115 },
      "x.num holds the number 20240115, which a template prints as 2.0240115e+07 unless it converts or quotes it.",
    ],
    [
      "in a list as well",
      "",
      { path: ["num"], value: [1, { m: 1073741824 }] },
      "x.num holds the number 1073741824, which a template prints as 1.073741824e+09 unless it converts or quotes it.",
    ],
    [
      "why a number became a text",
      "",
      { path: ["num"], untyped: "1000000" },
      'x.num is written as the text "1000000": a template would print the number as 1e+06.',
    ],
    [
      "that a text is no boolean",
      "x:\n  flag: false\n",
      { path: ["flag"], untyped: "no" },
      'x.flag was false and is now the text "no", which counts as true in a template.',
    ],
  ])("%s", (_name, ...[before, setting, note]) => {
    expect(edited(before, setting).notes).toEqual([note]);
  });

  test("nothing when all is well, or nothing changes", () => {
    expect(edited("x:\n  num: 20240115\n", { path: ["num"], value: 20240115 }).notes).toEqual([]);
    expect(edited("", { path: ["tag"], value: "v1" }, { path: ["num"], value: 5 }).notes).toEqual([]);
  });
});
