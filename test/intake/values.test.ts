import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { pathText } from "../../src/domain/strvals/path-text.ts";
import { unfoldValues } from "../../src/domain/strvals/unfold-values.ts";
import { parseValues } from "../../src/intake/body/values.ts";

describe("values", () => {
  test.each<[string, object, object]>([
    ["nested name their leaves", { image: { tag: "1" } }, { "image.tag": "1" }],
    [
      "as paths name theirs",
      { "image.tag": "1", "image.pull": true },
      { "image.tag": "1", "image.pull": true },
    ],
    [
      "of both forms meet",
      { "image.tag": "1", image: { pull: true } },
      { "image.tag": "1", "image.pull": true },
    ],
    ["with an escaped dot keep it", { "notes.a\\.b/c": "1" }, { "notes|a.b/c": "1" }],
    ["with a dot in a deeper key keep it", { notes: { "a.b": "1" } }, { "notes|a.b": "1" }],
    ["with a path to a map go on below it", { "a.b": { "c.d": 1 } }, { "a|b|c.d": 1 }],
    [
      "reach into lists",
      { "env[0].value": "x", "env[1].value": "y" },
      { "env|0|value": "x", "env|1|value": "y" },
    ],
    [
      "keep their types",
      { a: "1", b: 1, c: null, d: [1, { e: false }] },
      { a: "1", b: 1, c: null, d: [1, { e: false }] },
    ],
    ["may be empty maps", { "a.b": {} }, { "a|b": {} }],
    [
      "may be called like a method",
      { constructor: 1, toString: { a: 2 } },
      { constructor: 1, "toString|a": 2 },
    ],
  ])("%s", (_, written, leaves) => {
    const values = parseValues(written);
    expect(values).toEqual({ ok: true, value: written });
    const unfolded = values.ok ? unfoldValues(values.value) : values;
    const found = unfolded.ok ? unfolded.value.map(({ path, value }) => [path.join("|"), value]) : [];
    const expected = Object.entries(leaves).map(([path, value]) => [
      path.includes("|") ? path : path.replaceAll(".", "|"),
      value,
    ]);
    expect(found).toEqual(expected);
  });

  test.each<[string, object, string]>([
    ["a place said twice", { "a.b": 1, a: { b: 1 } }, '"a.b" twice'],
    ["a value below a value", { a: 1, "a.b": 2 }, '"a.b" twice'],
    ["a value above a value", { "a.b": 2, a: 1 }, '"a" twice'],
    ["an empty map beside what is below it", { "a.b": 2, a: {} }, '"a" twice'],
    ["a position that is none", { "servers[x]": 1 }, "servers[x]"],
    ["a position written as a key", { "servers.0.port": 1 }, "write [0]"],
    ["a key that copies of a map lose", JSON.parse('{"__proto__": {"a": 1}}'), "use the key `__proto__`"],
    ["the same key deeper", { a: [JSON.parse('{"__proto__": 1}')] }, "use the key `__proto__`"],
    ["a list and a map in one place", { "a[0]": 1, "a.b": 2 }, '"a.b" twice'],
    ["a value behind the path", { "a=1": 2 }, '"=" ends the path'],
    ["two paths in one", { "a,b": 2 }, '"," ends the path'],
    ["an empty part", { "a..b": 1 }, "a..b"],
    ["a trailing dot", { "a.": 1 }, '"a."'],
    ["an empty key", { "": 1 }, '""'],
    ["a rounded number in a list", { a: [1, 2 ** 60] }, 'below "a"'],
    ["what no double holds", JSON.parse('{ "a": { "b": 1e400 } }'), "hold Infinity below"],
    ["a text of a megabyte", { a: "x".repeat(1_000_000) }, "more than 32 KiB"],
    ["too many", Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, n])), "more than 1000"],
  ])("refuse %s", (_, written, message) => {
    expect(parseValues(written)).toMatchObject({
      ok: false,
      problems: [{ code: "malformed", message: expect.stringContaining(message) }],
    });
  });

  test("that are paths mean the same as nested ones, whatever the keys", () => {
    const key = fc.string({ minLength: 1 }).filter((text) => text !== "__proto__");
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, fc.integer(), tie("tree")), {
        minKeys: 1,
        maxKeys: 4,
      }),
    }));
    fc.assert(
      fc.property(tree, (nested) => {
        const paths = Object.fromEntries(leaves(nested).map(([path, value]) => [pathText(path), value]));
        const outer = Object.fromEntries(
          Object.entries(nested).map(([name, value]) => [pathText([name]), value]),
        );
        const found = unfoldValues(paths);
        expect(found.ok && inOrder(found.value)).toEqual(
          inOrder(leaves(nested).map(([path, value]) => ({ path, value }))),
        );
        expect(unfoldValues(outer)).toEqual({
          ok: true,
          value: leaves(nested).map(([path, value]) => ({ path, value })),
        });
      }),
    );
  });
});

interface Tree {
  readonly [key: string]: number | Tree;
}

function leaves(value: number | Tree, path: readonly string[] = []): [readonly string[], number][] {
  if (typeof value === "number") return [[path, value]];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, [...path, key]));
}

/** An object takes keys that look like numbers first. */
function inOrder(found: readonly { readonly path: readonly (string | number)[] }[]): readonly unknown[] {
  return found.toSorted((a, b) => (JSON.stringify(a.path) < JSON.stringify(b.path) ? -1 : 1));
}
