import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { plainOf } from "../../src/manifest/go-map.ts";
import { plainValue } from "../../src/manifest/print-value.ts";
import { readTree } from "../../src/manifest/read-tree.ts";
import { setValue } from "../../src/manifest/set-value.ts";
import type { Value } from "../../src/model/umbrella.ts";

function set(text: string, path: string, value: Value): string {
  const tree = readTree("values.yaml", text, "values-invalid");
  if (!tree.ok) return tree.problems.map(({ message }) => message).join(" ");
  const result = setValue(tree.value, path.split("."), value);
  return result.ok ? result.value : `${result.problems[0]?.code}: ${result.problems[0]?.message}`;
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
    ["in a list", "a:\n  - x: 1\n  - x: 2\n", "a.1.x", 3, "a:\n  - x: 1\n  - x: 3\n"],
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

describe("it is refused", () => {
  test.each<[string, string, string, Value, string]>([
    ["below a text", "a: nginx:v1\n", "a.tag", "v1", "values-invalid"],
    ["in place of a map", "a:\n  image:\n    tag: v1\n", "a.image", "nginx", "values-invalid"],
    ["behind the end of a list", "a: [1]\n", "a.3", 1, "values-invalid"],
    ["below a key that stands twice", "a:\n  b: 1\na:\n  c: 1\n", "a.c", 2, "edit-not-exact"],
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
      const before = readTree("values.yaml", text, "values-invalid");
      if (!before.ok) return;
      const result = setValue(before.value, path, value);
      if (!result.ok) {
        expect(result.problems[0]?.code).toBe("values-invalid");
        return;
      }
      const after = readTree("values.yaml", result.value, "values-invalid");
      const found = after.ok && after.value.root !== undefined ? plainOf(after.value.root) : undefined;
      const value_ = path.reduce<unknown>(
        (map, step) => (map instanceof Map ? map.get(step) : undefined),
        found,
      );
      expect(value_).toEqual(plainValue(value));
      if (after.ok) expect(setValue(after.value, path, value)).toEqual({ ok: true, value: result.value });
    }),
    { numRuns: 300 },
  );
});
