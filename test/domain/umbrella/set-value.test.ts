import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import type { Problem } from "../../../src/domain/model/problem.ts";
import type { Value } from "../../../src/domain/model/umbrella.ts";
import { parsePath } from "../../../src/domain/strvals/parse-path.ts";
import { plainValue } from "../../../src/domain/umbrella/values/print-value.ts";
import { readValues } from "../../../src/domain/umbrella/values/read-values.ts";
import { setValue } from "../../../src/domain/umbrella/values/set-value.ts";
import { plainOf } from "../../../src/domain/umbrella/yaml/go-map.ts";

function set(text: string, path: string, value: Value): string {
  const tree = readValues("values.yaml", text);
  if (!tree.ok) return messagesOf(tree.problems);
  const steps = parsePath(path);
  if (!steps.ok) return messagesOf(steps.problems);
  const result = setValue(tree.value, { path: steps.value, value });
  return result.ok ? result.value.text : messagesOf(result.problems);
}

function messagesOf(problems: readonly Problem[]): string {
  return problems.map(({ code, message }) => `${code}: ${message}`).join(" ");
}

describe("a value takes the old one's place", () => {
  test.each<[string, string, string, Value, string]>([
    ["in its quotes", "a:\n  tag: 'v1' # c\n", "a.tag", "v2", "a:\n  tag: 'v2' # c\n"],
    ["quoted where it looks like a number", "a:\n  tag: 1.9\n", "a.tag", "1.10", 'a:\n  tag: "1.10"\n'],
    ["as a number where it is one", 'a:\n  count: "1"\n', "a.count", 2, "a:\n  count: 2\n"],
    ["as a boolean", "a: {on: no}\n", "a.y", true, 'a: {on: no, "y": true}\n'],
    ["as null", "a:\n  tag: v1\n", "a.tag", null, "a:\n  tag: null\n"],
    ["where nothing stood", "a:\n  tag:\n  b: 1\n", "a.tag", "v2", "a:\n  tag: v2\n  b: 1\n"],
    [
      "in a flow mapping",
      "a: {image: {tag: v1}, b: 1}\n",
      "a.image.tag",
      "v2",
      "a: {image: {tag: v2}, b: 1}\n",
    ],
    ["in a list", "a:\n  - x: 1\n  - x: 2\n", "a[1].x", 3, "a:\n  - x: 1\n  - x: 3\n"],
    [
      "as a list",
      "a:\n  list:\n    - 1\n    - 2 # c\nb: 1\n",
      "a.list",
      ["x", "1"],
      'a:\n  list:\n    - x\n    - "1" # c\nb: 1\n',
    ],
    ["with CRLF and without a final break", "a:\r\n  tag: v1", "a.tag", "v2", "a:\r\n  tag: v2"],
    ["with its anchor, when nobody follows it", "a:\n  tag: &t v1\n", "a.tag", "v2", "a:\n  tag: &t v2\n"],
    [
      "without an anchor that others follow",
      "t: &t v1\na:\n  tag: *t\n",
      "a.tag",
      "v2",
      "t: &t v1\na:\n  tag: v2\n",
    ],
    [
      "behind a merge",
      "d: &d\n  tag: v1\na:\n  <<: *d\n",
      "a.tag",
      "v2",
      "d: &d\n  tag: v1\na:\n  <<: *d\n  tag: v2\n",
    ],
    ["and of a text of several lines", "a: |\n  x\n  y\n\nb: 1\n", "a", "z", "a: z\n\nb: 1\n"],
    ["also as a number", "a: >- # c\n  x\n  y\nb: 1\n", "a", 2, "a: 2 # c\nb: 1\n"],
    ["as another text", "a: > # c\n  x\n  y\nb: 1\n", "a", "z", "a: z # c\nb: 1\n"],
    ["as a text, where a list stood", "a:\n- x\n- y\nb: 1\n", "a", "-", 'a: "-"\nb: 1\n'],
    [
      "of a quoted text whose next line is not indented",
      'a:\n  b: "x\ny" # c\n  d: 1\n',
      "a.b",
      "z",
      'a:\n  b: "z" # c\n  d: 1\n',
    ],
    [
      "beside such texts",
      "a:\n  b: 'x\ny\nz'\n  d: 1\n  e: {f: \"x\ny\"}\n",
      "a.d",
      2,
      "a:\n  b: 'x\ny\nz'\n  d: 2\n  e: {f: \"x\ny\"}\n",
    ],
    ["as an empty list", "a: # c\n  - x\nb: 1\n", "a", [], "a: [] # c\nb: 1\n"],
    [
      "an address with a query in a list",
      "a:\n  b: x\n",
      "a.b",
      ["https://h/?q=1"],
      'a:\n  b: ["https://h/?q=1"]\n',
    ],
    ["without a tag that says otherwise", 'a: !!int "80"\n', "a", "http", "a: http\n"],
    ["but with its anchor", "a: &p !!int 80\n", "a", "http", "a: &p http\n"],
    ["without !!binary", "a: !!binary aGk=\n", "a", "ho", "a: ho\n"],
    ["in JSON", '{"a": {"b": 1, "c": []}}\n', "a.b", "x", '{"a": {"b": "x", "c": []}}\n'],
    ["beside U+2028 in quotes", 'a: "x\u2028y"\nb: 1\n', "b", 2, 'a: "x\u2028y"\nb: 2\n'],
    ["beside NEL in quotes", "a: 'x\u0085y'\nb: 1\n", "b", 2, "a: 'x\u0085y'\nb: 2\n"],
    ["beside U+2028 that ends a line", "a: 1\u2028b: 1\n", "b", 2, "a: 1\u2028b: 2\n"],
    ["of several lines, escaped", "a: x\n", "a", "1\n2", 'a: "1\\n2"\n'],
  ])("%s", (_name, ...row) => {
    const [before, path, value, after] = row;
    expect(set(before, path, value)).toBe(after);
  });
});

describe("keys that are missing are made", () => {
  test.each<[string, string, string, Value, string]>([
    ["in an empty file", "", "a.image.tag", "v1", "a:\n  image:\n    tag: v1\n"],
    ["in a file of comments", "# Values", "a.tag", "v1", "# Values\na:\n  tag: v1\n"],
    [
      "with the file's own indentation",
      "b:\n    c: 1\n",
      "a.image.tag",
      "v1",
      "b:\n    c: 1\na:\n    image:\n        tag: v1\n",
    ],
    [
      "behind the last key of their map",
      "a:\n  b:\n    c: 1 # x\n\nd: 1\n",
      "a.e",
      1,
      "a:\n  b:\n    c: 1 # x\n  e: 1\n\nd: 1\n",
    ],
    ["below a key without a value", "a: # ours\nb: 1\n", "a.tag", "v1", "a: # ours\n  tag: v1\nb: 1\n"],
    [
      "in JSON, which it stays",
      '{"a": {}, "l": [1]}\n',
      "a.image.tag",
      "v1",
      '{"a": {"image": {"tag": "v1"}}, "l": [1]}\n',
    ],
    ["beside keys in quotes", 'a: {"b": "c"}\n', "a.d", ["e"], 'a: {"b": "c", "d": ["e"]}\n'],
    ["in an empty flow mapping", "a: {}\n", "a.image.tag", "v1", "a: {image: {tag: v1}}\n"],
    ["with CRLF and without a final break", "a:\r\n  b: 1", "a.c.d", 2, "a:\r\n  b: 1\r\n  c:\r\n    d: 2"],
    [
      "with a whole map and a list",
      "a:\n  b: 1\n",
      "a.c",
      { d: ["x"], e: {} },
      "a:\n  b: 1\n  c:\n    d:\n      - x\n    e: {}\n",
    ],
  ])("%s", (_name, ...row) => {
    const [before, path, value, after] = row;
    expect(set(before, path, value)).toBe(after);
  });
});

describe("a list", () => {
  test.each<[string, string, string, Value, string]>([
    ["gets its first item", "a:\n  b: 1\n", "a.env[0].name", "X", "a:\n  b: 1\n  env:\n    - name: X\n"],
    ["gets one more item", "env:\n- a\n- b # c\nx: 1\n", "env[2]", "c", "env:\n- a\n- b # c\n- c\nx: 1\n"],
    [
      "gets one more map",
      "env:\n  - name: A\n    value: a\n",
      "env[1].name",
      "B",
      "env:\n  - name: A\n    value: a\n  - name: B\n",
    ],
    ["gets one more item on its line", "env: [a]\n", "env[1]", "b", "env: [a, b]\n"],
    ["gets its first item on its line", "env: []\n", "env[0].name", "A", "env: [{name: A}]\n"],
    ["gets a key in an item", "env:\n- name: A\n", "env[0].value", "1", 'env:\n- name: A\n  value: "1"\n'],
    ["gets an item in an item", "a: [[1]]\n", "a[0][1]", 2, "a: [[1, 2]]\n"],
    ["takes the place of nothing", "a:\n  env:\n", "a.env[0]", "x", "a:\n  env:\n    - x\n"],
    ["takes the place of a null item", "a:\n- null\n", "a[0].b", "x", "a:\n- {b: x}\n"],
    ["of an anchor is copied out", "d: &d [a, b]\ne: *d\n", "e[0]", "x", "d: &d [a, b]\ne: [x, b]\n"],
  ])("%s", (_name, ...row) => {
    const [before, path, value, after] = row;
    expect(set(before, path, value)).toBe(after);
  });
});

describe("a document that holds nothing is filled below its marker", () => {
  test.each<[string, string, string]>([
    ["with a comment", "---\n# Values\n", "---\n# Values\na:\n  tag: v1\n"],
    ["with nothing", "---\n", "---\na:\n  tag: v1\n"],
    ["without a line break", "---", "---\na:\n  tag: v1\n"],
    ["with a comment behind the marker", "--- # Values\n", "--- # Values\na:\n  tag: v1\n"],
    ["with comments on both sides", "# A\n---\n# B\n", "# A\n---\n# B\na:\n  tag: v1\n"],
    ["and an end", "---\n# Values\n...\n", "---\n# Values\na:\n  tag: v1\n...\n"],
    ["and another that holds nothing either", "---\n---\n# b\n", "---\na:\n  tag: v1\n---\n# b\n"],
    ["behind a byte order mark", "\ufeff---\n# a\n---\n# b\n", "\ufeff---\n# a\na:\n  tag: v1\n---\n# b\n"],
    ["with CRLF", "---\r\n# Values\r\n", "---\r\n# Values\r\na:\r\n  tag: v1\r\n"],
    ["with a null", "# Values\nnull\n", "# Values\na:\n  tag: v1\n"],
    ["with an empty map", "{}\n", "{a: {tag: v1}}\n"],
  ])("%s", (_name, before, after) => {
    expect(set(before, "a.tag", "v1")).toBe(after);
  });
});

describe("others keep what they share", () => {
  test.each<[string, string, string, Value, string]>([
    [
      "a tag's anchor goes on",
      "a:\n  tag: &t v1\nb:\n  tag: *t\n",
      "a.tag",
      "v2",
      "a:\n  tag: v2\nb:\n  tag: &t v1\n",
    ],
    [
      "to the first of several",
      "a:\n  tag: &t 'v1'\nb: *t\nc: *t\n",
      "a.tag",
      "v2",
      "a:\n  tag: 'v2'\nb: &t 'v1'\nc: *t\n",
    ],
    [
      "a map's followers get the old value",
      "a: &a\n  tag: v1\n  x: 1\nb: *a\n",
      "a.tag",
      "v2",
      "a: &a\n  tag: v2\n  x: 1\nb:\n  <<: *a\n  tag: v1\n",
    ],
    [
      "and so do those that merge it",
      "a: &a\n  tag: v1\nb:\n  <<: *a\n  x: 1\n",
      "a.tag",
      "v2",
      "a: &a\n  tag: v2\nb:\n  <<: *a\n  x: 1\n  tag: v1\n",
    ],
    [
      "a map deeper in a merged one is copied",
      "d: &d\n  image:\n    tag: v1\n    repo: r\na:\n  <<: *d\n",
      "a.image.tag",
      "v2",
      "d: &d\n  image:\n    tag: v1\n    repo: r\na:\n  <<: *d\n  image:\n    tag: v2\n    repo: r\n",
    ],
    ["a text that keeps its line breaks", "a: 1\nb: |+\n  text\n\n", "c", 1, "a: 1\nb: |+\n  text\n\nc: 1\n"],
    ["and one in a list", "a:\n- |+\n  text\n\n", "a[1]", 1, "a:\n- |+\n  text\n\n- 1\n"],
    ["a text at the very end", "b: |\n  text", "c", 1, "c: 1\nb: |\n  text"],
    [
      "an anchor goes on with its tag",
      "a:\n  tag: &t !!str 1.10\nb: *t\nc: *t\n",
      "a.tag",
      "v2",
      "a:\n  tag: v2\nb: &t !!str 1.10\nc: *t\n",
    ],
    ["with a tag in front of it", "a: !!str &t 1.10\nb: *t\n", "a", "1.20", 'a: "1.20"\nb: !!str &t 1.10\n'],
    ["out of a text of several lines", "a: &t |\n  x\n  y\nb: *t\n", "a", "z", 'a: z\nb: &t "x\\ny\\n"\n'],
    [
      "a list of an anchor is written out",
      "a: &a\n  l: [x]\nb: *a\n",
      "a.l",
      ["p", "q"],
      "a: &a\n  l: [p, q]\nb:\n  <<: *a\n  l:\n    - x\n",
    ],
  ])("%s", (_name, ...row) => {
    const [before, path, value, after] = row;
    expect(set(before, path, value)).toBe(after);
  });
});

describe("it is refused", () => {
  test.each<[string, string, string, Value, string]>([
    ["below a text", "a: nginx:v1\n", "a.tag", "v1", "values-invalid"],
    ["in place of a map", "a:\n  image:\n    tag: v1\n", "a.image", "nginx", "values-invalid"],
    ["behind the end of a list", "a: [1]\n", "a[3]", 1, "values-invalid"],
    ["as a key of a list", "a:\n- b: 1\n", "a.b", 1, "is a list, where a map would have to stand"],
    ["as an item of a map", "a:\n  b: 1\n", "a[0]", 1, "is a map, where a list would have to stand"],
    ["in a later document", "a: 1\n---\nb: 2\n", "b", 1, "the second from line 2"],
    ["in the first of several", "---\na: 1\n---\na: 2\n", "a", 3, "the second from line 3"],
    ["in the second of which the first is empty", "---\n---\na: 2\n", "a", 3, "the second from line 2"],
    ["behind a marker", "--- {a: 1}\n", "a", 2, 'has "{a: 1}" behind ---'],
    ["below a key that stands twice", "a:\n  b: 1\na:\n  c: 1\n", "a.c", 2, "edit-not-exact"],
    [
      "where Helm would take one of two keys by chance",
      "d: &d\n  1: [x]\na:\n  <<: *d\n  b: 1\n",
      "a.\\1",
      2,
      "edit-not-exact",
    ],
    ["behind a directive", "# c\n%YAML 1.1\n---\na: 1\n", "a", 2, "line 2 is a directive"],
    ["in a template", "a: {{ .x }}\n", "a", 1, "template"],
  ])("%s", (_name, ...row) => {
    const [before, path, value, reason] = row;
    expect(set(before, path, value)).toContain(reason);
  });
});

const key = fc.constantFrom("a", "b", "image", "on", "1.5", "with space", "x:y", "#c", "null");
const leaf = fc.oneof(
  fc.constantFrom(
    "v1",
    "1.10",
    "yes",
    "",
    " x ",
    "a: b",
    "x #y",
    "'",
    '"',
    "\\",
    "- a",
    "{b",
    "2020-01-01",
    "é😀",
    "l1\nl2",
    "0x1",
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);

test("whatever is set is read back with its type, and nothing else changes", () => {
  const tree = fc.dictionary(key, fc.dictionary(key, leaf, { maxKeys: 3 }), { maxKeys: 3 });
  const flow = fc.constantFrom("block", "flow");
  fc.assert(
    fc.property(tree, flow, fc.array(key, { minLength: 1, maxLength: 3 }), leaf, (...given) => {
      const [data, collectionStyle, path, value] = given;
      const text = stringify(data, {
        collectionStyle: collectionStyle === "flow" ? "flow" : "any",
        version: "1.1",
      });
      const before = readValues("values.yaml", text);
      if (!before.ok) return;
      const result = setValue(before.value, { path, value });
      if (!result.ok) {
        expect(result.problems[0]?.code).toBe("values-invalid");
        return;
      }
      const after = readValues("values.yaml", result.value.text);
      const found = after.ok && after.value.root !== undefined ? plainOf(after.value.root) : undefined;
      const value_ = path.reduce<unknown>(
        (map, step) => (map instanceof Map ? map.get(step) : undefined),
        found,
      );
      expect(value_).toEqual(plainValue(value));
      if (after.ok)
        expect(setValue(after.value, { path, value })).toEqual({
          ok: true,
          value: { text: result.value.text, notes: [] },
        });
    }),
    { numRuns: 300 },
  );
});

test("what Helm reads and cannot be placed is told as that, with its line", () => {
  const tree = readValues("values.yaml", 'a: 1\nb: "x\n\ny"\n');
  expect(tree).toMatchObject({
    ok: false,
    problems: [
      {
        code: "values-invalid",
        message: "values.yaml cannot be edited exactly: readers of YAML disagree on what stands in line 2.",
        help: expect.stringContaining("a quoted text in one line"),
      },
    ],
  });
});
