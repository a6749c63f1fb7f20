// The two ways to find where everything stands in a text agree, wherever Helm reads it and both find it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readYaml } from "../../../src/domain/go-yaml/read-yaml.ts";
import { placedNodes } from "../../../src/domain/umbrella/yaml/placed-nodes.ts";
import { plainNodes } from "../../../src/domain/umbrella/yaml/plain-nodes.ts";
import type { Node } from "../../../src/domain/umbrella/yaml/yaml-tree.ts";
import { chartSpec, makeChart, PINS, RANGES } from "./umbrella-chart.ts";

const FIXTURES = fileURLToPath(new URL("../../../fixtures", import.meta.url));

const LIMITS = { length: 1_000, nodes: 1_000, depth: 100, textLength: 1_000 };

/** Where a block ends is where its last item ends; `yaml` counts the line break, and comments, to it. */
function withoutBlockEnds(node: Node): unknown {
  if (node.kind === "scalar" || node.kind === "alias") return node;
  const { end, ...rest } = node;
  const open = node.flow ? { ...rest, end } : rest;
  return node.kind === "sequence"
    ? { ...open, items: node.items.map(withoutBlockEnds) }
    : {
        ...open,
        pairs: node.pairs.map(({ key, value }) => [withoutBlockEnds(key), withoutBlockEnds(value)]),
      };
}

/** Whether js-yaml found the nodes at all. */
function agrees(text: string): boolean {
  const plain = plainNodes(text);
  if (plain === undefined) return false;
  const [first] = placedNodes(text, { nodes: 200_000 });
  expect(first?.root && withoutBlockEnds(first.root)).toEqual(withoutBlockEnds(plain));
  return true;
}

test("in every file of the fixtures", () => {
  const files = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" });
  const texts = files.filter((file) => /\.(ya?ml|lock|json)$/.test(file));
  const found = texts.filter((file) => agrees(readFileSync(join(FIXTURES, file), "utf8")));
  expect(texts.length).toBeGreaterThan(800);
  expect(found.length).toBeGreaterThan(400);
});

test("in umbrella charts of every style", () => {
  fc.assert(
    fc.property(chartSpec([...PINS, ...RANGES]), (spec) => {
      for (const text of makeChart(spec, "repository").files.values()) agrees(text);
    }),
    { numRuns: 100 },
  );
});

test("in made-up texts", () => {
  const word = fc.constantFrom(
    ...["a", "b c", "'it''s'", '"x\\ty"', "1.0.0", "{a: 1}", "[a, b]", "[]", "{}", "{a: [1, {b: c}]}"],
    ...["[a, # c\n b]", "{\n a: 1,\n }", "[a: 1, b]", "x # c", "'a\n  b'", "p\n  q", "http://h:80/?a=1#b"],
    ...[
      "",
      "~",
      "|\n  t\n",
      "&x y",
      "!t z",
      "- a",
      "a: b",
      "{a: }",
      "[a, ]",
      "? a",
      "'",
      "{'a':1}",
      '["a",]',
    ],
  );
  const line = fc
    .tuple(fc.constantFrom("", "  ", "- ", "  - ", "a: ", "  b: ", "- c: ", "# ", "--- ", "\t"), word)
    .map(([start, rest]) => start + rest);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const text = lines.map((one) => `${one}\n`).join("");
      const plain = plainNodes(text);
      const [first] = placedNodes(text, { nodes: 1_000 });
      // The two read a line of tabs as they like; Helm refuses it, so nobody asks where anything stands.
      fc.pre(readYaml(text, { integers: "exact", limits: LIMITS }).ok);
      fc.pre(plain !== undefined && first?.root !== undefined);
      agrees(text);
    }),
    { numRuns: 600 },
  );
});

test.each([
  ["an anchor", "a: &x 1\nb: *x\n"],
  ["a tag", "a: !!str 1\n"],
  ["a text block", "a: |\n  b\n"],
  ["an omitted value", "a:\nb: 1\n"],
  ["a second document", "a: 1\n---\nb: 1\n"],
  ["a directive", "%YAML 1.1\n---\na: 1\n"],
  ["a byte order mark", "\ufeffa: 1\n"],
  ["a line break of YAML 1.1", "a: 1\u0085b: 1\n"],
  ["an error", "a: [\n"],
  ["nothing", "# c\n"],
])("%s is left to the other", (_name, text) => {
  expect(plainNodes(text)).toBeUndefined();
});
