// values.schema.json as Helm reads it: which draft, which values, which place.

import { describe, expect, test } from "@jest/globals";
import { checkValues, placeOf } from "../../../src/domain/pull-request-body/values/schema.ts";

function check(schema: object, values: string, defaults = ""): readonly string[] {
  const verdict = checkValues({
    schema: JSON.stringify(schema),
    defaults,
    keys: ["x"],
    valuesFiles: [{ path: "values.yaml", text: values }],
  });
  return verdict.kind === "unchecked"
    ? [verdict.because]
    : verdict.errors.map(({ path, message }) => `${path.join(".")} ${message}`);
}

const integer = { properties: { a: { type: "integer" } } };

describe("drafts", () => {
  test.each([
    [
      "http://json-schema.org/draft-04/schema#",
      { properties: { a: { maximum: 3, exclusiveMaximum: true } } },
      "a must be < 3",
    ],
    [
      "http://json-schema.org/draft-06/schema#",
      { properties: { a: { exclusiveMaximum: 3 } } },
      "a must be < 3",
    ],
    [
      "http://json-schema.org/draft-07/schema",
      { properties: { a: { const: 2 } } },
      "a must be equal to constant",
    ],
    [
      "https://json-schema.org/draft/2019-09/schema",
      { dependentRequired: { a: ["b"] } },
      " must have property b when property a is present",
    ],
    [
      "https://json-schema.org/draft/2020-12/schema",
      { unevaluatedProperties: false, properties: { global: {} } },
      "a is not known to this version",
    ],
    [
      undefined,
      { $defs: { three: { const: 2 } }, properties: { a: { $ref: "#/$defs/three" } } },
      "a must be equal to constant",
    ],
  ])("%s", ($schema, schema, expected) => {
    expect(check({ ...($schema !== undefined && { $schema }), ...schema }, "x: { a: 3 }")).toContain(
      expected,
    );
  });

  test("formats hold up to draft 7 and are remarks since", () => {
    const schema = { properties: { a: { format: "ipv4" } } };
    expect(
      check({ ...schema, $schema: "http://json-schema.org/draft-07/schema#" }, "x: { a: nope }"),
    ).toEqual(['a must match format "ipv4"']);
    expect(
      check({ ...schema, $schema: "https://json-schema.org/draft/2020-12/schema" }, "x: { a: nope }"),
    ).toEqual([]);
  });
});

describe("values", () => {
  test.each([
    ["are the defaults where the environment says nothing", "", "a: text", ["a must be integer"]],
    ["are the environment's where it says something", "x: { a: 1 }", "a: text", []],
    ["of other charts do not count", "y: { a: text }", "", []],
    ["taken away by null are away", "x: { a: null }", "a: text", []],
    ["are read as YAML 1.1, where yes is true", "x: { a: yes }", "", ["a must be integer"]],
    ["follow anchors and merge keys", "base: &b { a: text }\nx: { <<: *b }", "", ["a must be integer"]],
  ])("%s", (...[, values, defaults, expected]) => expect(check(integer, values, defaults)).toEqual(expected));

  test("a later file wins", () => {
    const files = ["x: { a: text }", "x: { a: 1 }"].map((text, index) => ({ path: `${index}.yaml`, text }));
    expect(
      checkValues({ schema: JSON.stringify(integer), defaults: "", keys: ["x"], valuesFiles: files }),
    ).toEqual({ kind: "checked", errors: [] });
  });

  test("global values are handed down", () => {
    expect(
      check({ properties: { global: { properties: { a: { type: "integer" } } } } }, "global: { a: text }"),
    ).toEqual(["global.a must be integer"]);
  });

  test("errors know the file and line that set the value", () => {
    const files = [{ path: "values.yaml", text: "other: 1\nx:\n  b:\n    # why\n    a: text\n" }];
    expect(placeOf({ key: "x", path: ["b", "a"], message: "" }, files)).toEqual({
      file: "values.yaml",
      line: 5,
    });
    expect(placeOf({ key: "x", path: ["c"], message: "" }, files)).toBeUndefined();
  });
});

describe("schemas that cannot be used", () => {
  test.each([
    ["no JSON", "{", "it is no JSON object"],
    ["a list", "[]", "it is no JSON object"],
    [
      "a reference to elsewhere",
      '{"$ref":"https://example.com/a.json"}',
      "it refers to https://example.com/a.json, and nothing is ever fetched for a schema",
    ],
    ["a wrong keyword", '{"type":"nonsense"}', "it cannot be used: schema is invalid"],
  ])("%s", (_name, schema, because) => {
    const verdict = checkValues({ schema, defaults: "", keys: ["x"], valuesFiles: [] });
    expect(verdict).toEqual({ kind: "unchecked", because: expect.stringContaining(because) });
  });

  test("patterns written for Go are understood", () => {
    expect(check({ properties: { a: { pattern: "(?i)\\A[\\w-.]+\\z" } } }, "x: { a: OK-1 }")).toEqual([]);
    expect(check({ properties: { a: { pattern: "(?i)^ok$" } } }, "x: { a: nope }")).toEqual([
      'a must match pattern "(?i)^ok$"',
    ]);
  });
});
