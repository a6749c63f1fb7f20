// The small decisions below the golden cases: values, images, quantities, steps, pairs of resources.

import { describe, expect, test } from "@jest/globals";
import { readReleaseNotes } from "../../../src/domain/pull-request-body/changes/release-note.ts";
import { stepBetween } from "../../../src/domain/pull-request-body/changes/version-step.ts";
import { compareManifests } from "../../../src/domain/pull-request-body/manifests/compare-manifests.ts";
import { readManifests } from "../../../src/domain/pull-request-body/manifests/manifests.ts";
import { imageMoves, parseImage } from "../../../src/domain/pull-request-body/manifests/pod/images.ts";
import { quantity } from "../../../src/domain/pull-request-body/manifests/quantity.ts";
import { dotted } from "../../../src/domain/pull-request-body/manifests/tree.ts";
import { compareDefaults } from "../../../src/domain/pull-request-body/values/defaults.ts";
import {
  coalesce,
  environmentValues,
} from "../../../src/domain/pull-request-body/values/environment-values.ts";

describe("a step", () => {
  test.each([
    ["1.0.0", "2.0.0", "major"],
    ["0.1.0", "0.2.0", "minor"],
    ["1.0.0", "1.0.1", "patch"],
    ["v1.0.0", "1.0.1", "patch"],
    ["1.0.0-rc.1", "1.0.0-rc.2", "pre-release"],
    ["1.0.0-rc.1", "1.0.0", "release"],
    ["1.0.0", "2.0.0-beta.1", "major"],
    ["1.0.0+a", "1.0.0+b", "build"],
    ["", "1.0.0", undefined],
  ])("from %s to %s is %s", (from, to, step) => expect(stepBetween(from, to)).toBe(step));
});

describe("an image", () => {
  test.each([
    ["nginx", "nginx", "latest"],
    ["nginx:1.27", "nginx", "1.27"],
    ["localhost:5000/a/b", "localhost:5000/a/b", "latest"],
    ["localhost:5000/a/b:1", "localhost:5000/a/b", "1"],
    ["a@sha256:00", "a", "sha256:00"],
    ["a:1@sha256:00", "a", "1@sha256:00"],
  ])("%s", (image, repository, tag) => expect(parseImage(image)).toEqual({ repository, tag }));

  test("that moves is told by its repository, whatever the place", () => {
    const manifest = (image: string, other: string) =>
      readManifests(
        `kind: X\nspec: { deep: [{ image: "${image}" }, { initContainers: [{ image: "${other}" }] }] }`,
      ).resources;
    expect(imageMoves(manifest("a:1", "b:1"), manifest("a:2", "b:1"))).toEqual([
      { repository: "a", before: ["1"], after: ["2"] },
    ]);
  });
});

describe("a quantity", () => {
  test.each([
    ["100m", 0.1],
    ["1", 1],
    [2, 2],
    ["1Gi", 2 ** 30],
    ["1e3", 1_000],
    ["1.5G", 1.5e9],
    ["much", undefined],
    ["1Xi", undefined],
  ])("%s is %s", (text, number) => expect(quantity(text)).toBe(number));
});

describe("default values", () => {
  test.each([
    ["a map that came as a whole is one change", {}, { a: { b: 1, c: 2 } }, ["added a"]],
    ["lists are compared as a whole", { a: [1] }, { a: [1, 2] }, ["changed a"]],
    ["the order of keys is no change", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ["a map that became a number changed", { a: { b: 1 } }, { a: 1 }, ["changed a"]],
    ["an empty map that is filled gains keys", { a: {} }, { a: { b: 1 } }, ["added a.b"]],
    ["dots in keys are escaped", { "a.b": 1 }, {}, ["removed a\\.b"]],
    ["null is a value", { a: null }, { a: 1 }, ["changed a"]],
    [
      "keys of objects are only keys",
      { constructor: 1 },
      { toString: 1 },
      ["removed constructor", "added toString"],
    ],
  ])("%s", (...[, before, after, expected]) => {
    expect(compareDefaults(before, after).map(({ kind, path }) => `${kind} ${dotted(path)}`)).toEqual(
      expected,
    );
  });
});

describe("the environment's values", () => {
  const lines = (...texts: readonly string[]): readonly string[] =>
    environmentValues(
      texts.map((text, index) => ({ path: `${index}`, text })),
      "x",
    ).overrides.map(
      ({ path, value, file, line }) => `${file}:${line} ${path.join(".")}=${JSON.stringify(value)}`,
    );

  test.each([
    ["each with its line", ["y: 1\nx:\n  a: 1\n  b:\n    c: [1]\n"], ["0:3 a=1", "0:5 b.c=[1]"]],
    ["a later file wins", ["x: { a: 1, b: 2 }", "x:\n  a: 3"], ["1:2 a=3", "0:1 b=2"]],
    ["a map laid over a value takes its place", ["x: { a: 1 }", "x: { a: { b: 2 } }"], ["1:1 a.b=2"]],
    ["a value laid over a map takes its place", ["x: { a: { b: 2 } }", "x: { a: 1 }"], ["1:1 a=1"]],
    [
      "anchors and merge keys are followed",
      ["d: &d { a: 1, b: 2 }\nx:\n  <<: *d\n  b: 3"],
      ["0:1 a=1", "0:4 b=3"],
    ],
    ["a chart without values has none", ["x:\n", "y: 1", ""], []],
    ["a repeated key overrules as a whole", ["x: { a: 1, b: 1 }\nx: { a: 2 }"], ["0:2 a=2"]],
    ["a merge behind a key overrules it", ["d: &d { a: 1 }\nx:\n  a: 2\n  <<: *d"], ["0:1 a=1"]],
    ["a later document is laid over", ["x: { a: 1, b: 1 }\n---\nx:\n  a: 2\n"], ["0:4 a=2", "0:1 b=1"]],
    [
      "as Helm reads them",
      ["x:\n  a: 0400\n  b: 1:30\n  c: 2001-01-01\n  d: [\n    no\n  ]\n"],
      ["0:2 a=256", '0:3 b="1:30"', '0:4 c="2001-01-01"', "0:5 d=[false]"],
    ],
    [
      "a long list by an alias",
      [`l: &l [${"1,".repeat(2000)}]\nx: { a: *l }`],
      [`0:2 a=[${"1,".repeat(1999)}1]`],
    ],
  ])("%s", (...[, texts, expected]) => expect(lines(...texts)).toEqual(expected));

  test("a file that is no YAML is named", () => {
    expect(environmentValues([{ path: "bad.yaml", text: "a: [" }], "x")).toEqual({
      overrides: [],
      unreadable: ["bad.yaml"],
    });
  });

  test("are laid over the defaults as Helm does", () => {
    const { overrides } = environmentValues(
      [{ path: "v", text: "x: { a: null, b: { c: 1 }, d: [], e: {} }" }],
      "x",
    );
    expect(coalesce({ a: 1, b: { c: 0, z: 9 }, d: [1], e: { f: 1 } }, overrides)).toEqual({
      b: { c: 1, z: 9 },
      d: [],
      e: { f: 1 },
    });
  });
});

describe("manifests", () => {
  const kinds = (before: string, after: string): readonly string[] =>
    compareManifests(readManifests(before).resources, readManifests(after).resources).map(({ kind }) => kind);

  test.each([
    [
      "the same in another layout",
      "kind: A\nmetadata: { name: a }",
      "{ metadata: { name: a }, kind: A } # words",
      [],
    ],
    [
      "two of one name are paired in order",
      "kind: A\n---\nkind: A\n",
      "kind: A\n---\nkind: A\nx: 1\n",
      ["changed"],
    ],
    [
      "another namespace is another resource",
      "kind: A\nmetadata: { namespace: a }",
      "kind: A\nmetadata: { namespace: b }",
      ["removed", "added"],
    ],
    [
      "another API version is the same resource",
      "apiVersion: a/v1\nkind: A",
      "apiVersion: b/v1\nkind: A",
      ["changed"],
    ],
    ["a list is its items", "kind: List\nitems: [{ kind: A }, { kind: B }]", "kind: A", ["removed"]],
    [
      "a selector is no label",
      "kind: A\nspec: { selector: { matchLabels: { chart: a-1 } } }",
      "kind: A\nspec: { selector: { matchLabels: { chart: a-2 } } }",
      ["changed"],
    ],
    [
      "three dashes within text divide nothing",
      "kind: A\ndata: |\n  ---\n  x",
      "kind: A\ndata: |\n  ---\n  x",
      [],
    ],
  ])("%s", (...[, before, after, expected]) => expect(kinds(before, after)).toEqual(expected));

  test("aliases that multiply without end are not followed", () => {
    const bomb = [
      "kind: A",
      "a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
      ...Array.from(
        { length: 9 },
        (_, index) =>
          `a${index + 1}: &a${index + 1} [${Array.from({ length: 10 }, () => `*a${index}`).join(", ")}]`,
      ),
    ].join("\n");
    expect(readManifests(bomb)).toEqual({
      resources: [],
      unreadable: [{ template: "", line: 2, message: "document contains excessive aliasing" }],
    });
  });
});

test.each([
  ["- One", { kind: "read", notes: [{ kind: "other", description: "One", links: [] }] }],
  [
    "- kind: FIXED\n  description: x\n  links: [{ name: a, url: b }]",
    { kind: "read", notes: [{ kind: "fixed", description: "x", links: ["b"] }] },
  ],
  ["- kind: fixed", { kind: "unreadable" }],
  ["text", { kind: "unreadable" }],
  ["- {", { kind: "unreadable" }],
  [" ", { kind: "none" }],
])("release notes %j", (annotation, expected) => expect(readReleaseNotes(annotation)).toEqual(expected));
