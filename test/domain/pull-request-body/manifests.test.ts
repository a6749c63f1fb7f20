import { describe, expect, test } from "@jest/globals";
import { readManifests } from "../../../src/domain/pull-request-body/manifests/manifests.ts";

function helmPrints(...documents: readonly (readonly [template: string, text: string])[]): string {
  return documents.map(([template, text]) => `---\n# Source: ${template}\n${text}\n`).join("");
}

describe("a rendered document that a YAML 1.2 parser refuses and Helm takes", () => {
  test.each([
    ["a flow list closed at its key's column", "kind: A\nlist: [\n  a\n]", { list: ["a"] }],
    ["a quoted text that goes on at its key's column", "kind: A\ntext: 'a\nb'", { text: "a b" }],
    ["an unknown tag", "kind: A\ntext: !!flag 1", { text: "1" }],
    ["numbers of YAML 1.1", "kind: A\nmode: 0400\non: 1_000", { mode: 256, true: 1000 }],
    ["a merge key", "kind: A\np: &x { a: 1 }\nq: { <<: *x, b: 2 }", { p: { a: 1 }, q: { a: 1, b: 2 } }],
    ["a key that stands twice", "kind: A\na: 1\na: 2", { a: 2 }],
  ])("is read: %s", (_, text, content) => {
    const { resources, unreadable } = readManifests(helmPrints(["web/templates/a.yaml", text]));
    expect(unreadable).toEqual([]);
    expect(resources.map((resource) => resource.content)).toEqual([{ kind: "A", ...content }]);
  });
});

describe("a rendered document that cannot be read", () => {
  test("is told with its template and the line below Helm's comment, and the others are read", () => {
    const rendered = helmPrints(
      ["web/templates/a.yaml", "kind: A"],
      ["web/templates/b.yaml", "kind: B\nlist: [a, b"],
      ["web/templates/c.yaml", "kind: C"],
    );
    const { resources, unreadable } = readManifests(rendered);
    expect(resources.map(({ kind }) => kind)).toEqual(["A", "C"]);
    expect(unreadable).toEqual([
      { template: "web/templates/b.yaml", line: 3, message: "did not find expected ',' or ']'" },
    ]);
  });

  test.each([
    ["a text", "hello", "it has no kind"],
    ["a mapping without a kind", "a: 1", "it has no kind"],
    ["a List with an item without a kind", "kind: List\nitems: [{ kind: A }, {}]", "it has no kind"],
    ["a number that JSON has not", "kind: A\na: .nan", "json: unsupported value: NaN"],
  ])("is told: %s", (_, text, message) => {
    const { unreadable } = readManifests(helmPrints(["a.yaml", text]));
    expect(unreadable.map((each) => [each.template, each.message])).toEqual([["a.yaml", message]]);
  });

  test("stands behind a separator that Kubernetes refuses", () => {
    const { resources, unreadable } = readManifests(`${helmPrints(["a.yaml", "kind: A"])}--- kind: B\n`);
    expect(resources).toEqual([]);
    expect(unreadable).toEqual([
      { template: "", line: 1, message: "invalid Yaml document separator: kind: B" },
    ]);
  });
});

test("a file of several documents is told once by Helm and counts for all of them", () => {
  const { unreadable } = readManifests(helmPrints(["crds/a.yaml", "kind: A\n---\na: ]"]));
  expect(unreadable.map(({ template, line }) => [template, line])).toEqual([["crds/a.yaml", 1]]);
});

test.each(["", "---\n", "# nothing\n", "---\n# Source: a.yaml\n# nothing\n---\n"])(
  "nothing is no document: %j",
  (text) => expect(readManifests(text)).toEqual({ resources: [], unreadable: [] }),
);
