// Every text of texts.ts reads as Helm's own packages read it: fixtures/go-yaml/verdicts.json holds what they said
// (test/real/go-yaml asks them again).

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { readYaml } from "../../../src/domain/go-yaml/read-yaml.ts";
import { goYamlError } from "../../../src/domain/go-yaml/yaml-fault.ts";
import { readJson } from "./read-json.ts";
import { sameValue } from "./same-value.ts";
import { ALIAS_TEXTS, DEEP_TEXTS, TEXTS } from "./texts.ts";

type Verdict = { readonly json: string } | { readonly error: string };

const VERDICTS: Readonly<Record<string, Verdict>> = JSON.parse(
  readFileSync(new URL("../../../fixtures/go-yaml/verdicts.json", import.meta.url), "utf8"),
);

describe.each(Object.entries(TEXTS))("%s", (_, texts) => {
  test.each(texts.map((text) => [JSON.stringify(text).slice(0, 80), text]))("%s", (_, text) => {
    const verdict = VERDICTS[text];
    const read = readYaml(text, { integers: "exact" });
    const error = read.ok ? undefined : goYamlError(read.fault);
    if (verdict === undefined) throw new Error("no verdict is recorded: UPDATE_GOLDEN=1 npm run test:real");
    if ("error" in verdict) expect(error).toBe(verdict.error);
    else {
      expect(error).toBeUndefined();
      const [mine, theirs] = [read.ok ? read.value : undefined, readJson(verdict.json)];
      if (!sameValue(mine, theirs)) expect(mine).toEqual(theirs);
    }
  });
});

test("as deep as go-yaml and Go's JSON go, and no deeper", () => {
  const accepted = DEEP_TEXTS.map(([name, text]) => [name, readYaml(text).ok]);
  expect(Object.fromEntries(accepted)).toEqual({
    "sequences in brackets": true,
    "one more": false,
    "mappings in braces": true,
    "entries in one line": true,
    "as many entries as go-yaml takes": true,
    "one entry more": false,
    "in a mapping, as deep as JSON may be": true,
    "in a mapping, too deep for JSON": false,
    "too deep for JSON, but not what counts": true,
    "by an alias": false,
  });
});

test("aliases may repeat as much as in go-yaml, and no more", () => {
  const accepted = ALIAS_TEXTS.map(([name, text]) => [name, readYaml(text).ok]);
  expect(Object.fromEntries(accepted)).toEqual({
    "three levels of twenty": true,
    "three levels more often": false,
    "a long list 98 times": true,
    "a long list 450 times": false,
    "many lists, each once": true,
    "one text many times": true,
    "one map laid over many": true,
    "one map laid over many, too often": false,
  });
});

test("a million brackets neither fill the stack nor take long", () => {
  for (const text of ["[".repeat(1e6), "- ".repeat(1e6), "? ".repeat(1e6), "{a: ".repeat(1e6)])
    expect(readYaml(text).ok).toBe(false);
});

test("a key that stands twice: the last counts, and a strict reader refuses it with its line", () => {
  expect(readYaml("a: 1\na: 2")).toEqual({ ok: true, value: { a: 2 } });
  expect(readYaml("a: 1\nb: 1\na: 2", { duplicates: "refuse" })).toEqual({
    ok: false,
    fault: { kind: "value", message: 'key "a" already set in map', line: 3, column: 4 },
  });
  expect(readYaml('1: a\n"1": b\n1.0: c', { duplicates: "refuse" }).ok).toBe(true);
});

test("an integer that a 64-bit float does not hold is rounded as in Helm's values, or read exactly", () => {
  expect(readYaml("9007199254740993")).toEqual({ ok: true, value: 9007199254740992 });
  expect(readYaml("9007199254740993", { integers: "exact" })).toEqual({ ok: true, value: 9007199254740993n });
  expect(readYaml("9007199254740991", { integers: "exact" })).toEqual({ ok: true, value: 9007199254740991 });
});

test("a fault has the true line and column, and the words with go-yaml's own line", () => {
  const read = readYaml("a: 1\nb: [\n  é, c\n  d: e\n");
  expect(read).toEqual({
    ok: false,
    fault: { kind: "parser", message: "did not find expected ',' or ']'", line: 4, column: 4 },
  });
});

test.each([
  ["length", "a: 12345", { length: 7 }],
  ["nodes", "[1, 2, 3]", { nodes: 3 }],
  ["nodes", "[&a [1, 2], *a]", { nodes: 8 }],
  ["depth", "[[[1]]]", { depth: 2 }],
  ["textLength", "[abc, abc]", { textLength: 5 }],
  ["textLength", "[&a abc, *a]", { textLength: 5 }],
])("a limit on %s holds: %s", (_, text, limit) => {
  const limits = { length: 100, nodes: 100, depth: 100, textLength: 100 };
  expect(readYaml(text, { limits }).ok).toBe(true);
  expect(readYaml(text, { limits: { ...limits, ...limit } }).ok).toBe(false);
});
