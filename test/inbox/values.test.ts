import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { parseValues } from "../../src/inbox/values.ts";

describe("values", () => {
  test.each<[string, object, object]>([
    ["nested stay as they are", { image: { tag: "1" } }, { image: { tag: "1" } }],
    ["as dotted paths unfold", { "image.tag": "1", "image.pull": true }, { image: { tag: "1", pull: true } }],
    ["of both forms meet", { "image.tag": "1", image: { pull: true } }, { image: { tag: "1", pull: true } }],
    ["with an escaped dot keep it", { "notes.a\\.b/c": "1" }, { notes: { "a.b/c": "1" } }],
    ["with a dot in a deeper key keep it", { notes: { "a.b": "1" } }, { notes: { "a.b": "1" } }],
    ["with a dotted path to a map go on below it", { "a.b": { "c.d": 1 } }, { a: { b: { "c.d": 1 } } }],
    [
      "keep their types",
      { a: "1", b: 1, c: null, d: [1, { e: false }] },
      { a: "1", b: 1, c: null, d: [1, { e: false }] },
    ],
    ["may be empty maps", { "a.b": {} }, { a: { b: {} } }],
    [
      "may be called like a method",
      { constructor: 1, toString: { a: 2 } },
      { constructor: 1, toString: { a: 2 } },
    ],
  ])("%s", (_, written, expected) => {
    expect(parseValues(written)).toEqual({ ok: true, value: expected });
  });

  test.each<[string, object, string]>([
    ["a place said twice", { "a.b": 1, a: { b: 1 } }, '"a.b" twice'],
    ["a value below a value", { a: 1, "a.b": 2 }, '"a.b" twice'],
    ["a value above a value", { "a.b": 2, a: 1 }, '"a" twice'],
    ["an empty map beside what is below it", { "a.b": 2, a: {} }, '"a" twice'],
    ["an item of a list", { "servers[0]": 1 }, "servers[0]"],
    ["an empty part", { "a..b": 1 }, "a..b"],
    ["a trailing dot", { "a.": 1 }, '"a."'],
    ["an empty key", { "": 1 }, '""'],
    ["a rounded number in a list", { a: [1, 2 ** 60] }, 'below "a"'],
    ["too many", Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, n])), "more than 1000"],
  ])("refuse %s", (_, written, message) => {
    expect(parseValues(written)).toMatchObject({
      ok: false,
      problems: [{ code: "malformed", message: expect.stringContaining(message) }],
    });
  });

  test("that are dotted mean the same as nested ones, whatever the keys", () => {
    const key = fc.string({ minLength: 1 }).filter((text) => !/[\\\]]/.test(text) && text !== "__proto__");
    const { tree } = fc.letrec<{ tree: object }>((tie) => ({
      tree: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, fc.integer(), tie("tree")), {
        minKeys: 1,
        maxKeys: 4,
      }),
    }));
    fc.assert(
      fc.property(tree, (nested) => {
        const dotted = Object.fromEntries(leaves(nested).map(([path, value]) => [path.join("."), value]));
        expect(parseValues(dotted)).toEqual(parseValues(escaped(nested)));
      }),
    );
  });
});

function escapeDots(key: string): string {
  return key.replaceAll(".", "\\.");
}

function leaves(value: unknown, path: readonly string[] = []): [readonly string[], unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, [...path, escapeDots(key)]));
}

/** Only the outermost keys are paths. */
function escaped(nested: object): object {
  return Object.fromEntries(Object.entries(nested).map(([key, value]) => [escapeDots(key), value]));
}
