import { expect, test } from "@jest/globals";
import { helmYaml } from "../../../src/adapters/charts/helm-yaml.ts";

test.each([
  ["a list that is closed at its key's column", "keywords: [\n  a\n]", { keywords: ["a"] }],
  ["numbers of YAML 1.1", "a: 0400\nb: 1_0\nc: 1:30", { a: 256, b: 10, c: "1:30" }],
  ["only its first document", "a: 1\n---\nb: [", { a: 1 }],
  ["the last of two equal keys", "a: 1\na: 2", { a: 2 }],
])("of a chart's metadata Helm reads %s", (_, text, value) => {
  expect(helmYaml(text, "metadata")).toEqual({ value });
});

test("an index with two equal keys is none to Helm", () => {
  expect(helmYaml("a: 1\na: 2", "index")).toBeUndefined();
});
