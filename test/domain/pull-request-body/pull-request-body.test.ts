// The whole text: within GitHub's limit, and harmless whatever the facts say.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type {
  ChartFacts,
  Opened,
  PullRequestFacts,
  RenderedSide,
} from "../../../src/domain/pull-request-body/facts.ts";
import { BODY_LIMIT } from "../../../src/domain/pull-request-body/markdown/size.ts";
import { pullRequestBody } from "../../../src/domain/pull-request-body/pull-request-body.ts";
import { renderedOnce } from "../../support/renderings.ts";
import { githubPage } from "./github-page.ts";

type Text = () => string;

/** Facts in which every text is what `next` says. */
function factsOf(next: Text, count: number): PullRequestFacts {
  const times = <T>(make: () => T): T[] => Array.from({ length: count }, make);
  return {
    environment: next(),
    cluster: { release: "shop", namespace: "shop", apiVersions: [] },
    umbrella: next(),
    charts: [chartOf(next, times)],
    valuesFiles: [{ path: next(), text: JSON.stringify({ key: { [next()]: next(), gone: next() } }) }],
    rendered: {
      kind: "rendered",
      before: sideOf(next, times),
      after: sideOf(next, times),
      as: { kind: "installation", before: next(), after: next(), lookups: true },
      unstated: ["example.com/v1"],
      kubeVersionAssumed: true,
    },
    notes: times(next),
    policy: { satisfied: times(next), pending: times(next) },
    githubWeb: "https://github.com",
  };
}

/** Rendered twice alike and twice otherwise, with something that the schemas refuse. */
function sideOf(next: Text, times: <T>(make: () => T) => T[]): RenderedSide {
  const text = (): string => times(() => manifest(next)).join("---\n");
  return {
    kind: "rendered",
    first: text(),
    second: text(),
    withUnstated: [text(), text()],
    refused: times(() => ({ chart: next(), path: [next()], message: next() })),
    untried: times(() => ({ chart: next(), because: next() })),
  };
}

function chartOf(next: Text, times: <T>(make: () => T) => T[]): ChartFacts {
  return {
    chart: next(),
    keys: ["key"],
    from: "1.0.0",
    to: "2.0.0",
    repositoryUrl: next(),
    publish: {
      id: "1",
      chart: next(),
      version: "2.0.0",
      repository: next(),
      values: {},
      publisher: next(),
      at: new Date(0),
      state: "verified",
      source: { repository: next(), revision: next(), build: next() },
    },
    signature: { kind: "invalid", problem: { code: "provenance-invalid", message: next(), help: "" } },
    before: opened("1.0.0", next, { gone: next(), [next()]: next() }),
    after: opened("2.0.0", next, { [next()]: next() }),
    between: [
      {
        version: "1.5.0",
        deprecated: false,
        annotations: {
          "artifacthub.io/changes": JSON.stringify(
            times(() => ({ kind: "security", description: `x${next()}`, links: [{ url: next() }] })),
          ),
        },
      },
    ],
    sameRank: times(next),
    superseded: times(next),
    commits: {
      compareUrl: "https://github.com/example/x/compare/a...b",
      total: 9,
      commits: times(() => ({ sha: next(), headline: next(), author: next() })),
    },
    elsewhere: times(() => ({ environment: next(), version: next() })),
    schema: {
      kind: "checked",
      errors: times(() => ({ key: "key", path: [next(), next()], message: next() })),
    },
  };
}

function opened(version: string, next: Text, values: object): Opened {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return {
    kind: "opened",
    archive: {
      digest: "sha256:0",
      metadata: {
        apiVersion: "v2",
        name: next(),
        version,
        appVersion: next(),
        kubeVersion: next(),
        deprecated: false,
        sources: [],
        annotations: {},
        dependencies: [{ name: next(), version: next(), repository: next() }],
      },
      files: new Map([
        ["values.yaml", encode(JSON.stringify(values))],
        [
          "CHANGELOG.md",
          encode(`# Changes\n## 2.0.0\n${next()}\n* ${next()}\n${next()}\n\n${next()}\n### ${next()}\n`),
        ],
      ]),
    },
  };
}

function manifest(next: Text): string {
  return `${JSON.stringify({
    apiVersion: next(),
    kind: `K${next()}`,
    metadata: { name: next(), namespace: next() },
    data: { [next()]: next() },
    spec: { containers: [{ name: next(), image: "a:b" }] },
  })}\n`;
}

/** Definitions first, as Helm prints them; then what runs. */
function largeRelease(version: number): string {
  const definition = (index: number): object => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `things${index}.example.com` },
    spec: { versions: [{ name: "v1", served: true, storage: true, schema: Array(400).fill({ version }) }] },
  });
  const settings = (index: number): object => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `late-${index}` },
    data: Object.fromEntries(
      Array.from({ length: 20 }, (_, key) => [`key-${key}`, `${"value ".repeat(8)}${version}`]),
    ),
  });
  const database = (index: number): object => ({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: `db-${index}` },
    spec: {
      serviceName: `db-${version}`,
      template: { spec: { containers: [{ name: "db", image: `db:${version}` }] } },
    },
  });
  const role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "role" },
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: version === 1 ? ["get"] : ["*"] }],
  };
  const resources = [
    ...Array.from({ length: 30 }, (_, index) => definition(index)),
    ...Array.from({ length: 201 }, (_, index) => settings(index)),
    role,
    ...Array.from({ length: 60 }, (_, index) => database(index)),
  ];
  return resources.map((resource) => `${JSON.stringify(resource)}\n`).join("---\n");
}

describe("the pull request text", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "@octocat",
      "#1",
      "<img src=x>",
      "![a](b)",
      "</details>",
      "```",
      "`",
      "|",
      "a|b",
      "- x",
      "\n\n# y",
      "<!-- chart-promoter: end -->",
      "https://x.example/",
      "\\",
      "deadbeef1",
      "\u202e",
      "a\n===",
      "1. x",
      "[x]: y",
      "    x",
      "\n\n    x",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );

  test("is harmless whatever the facts say", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 5, maxLength: 60 }), (words) => {
        let index = 0;
        const next = (): string => words[index++ % words.length] ?? "";
        const body = pullRequestBody(factsOf(next, 3));
        const page = githubPage(body.replace(/^<!--.*-->$/gm, ""));
        expect(page.recognised).toEqual([]);
        const allowed = [
          "a",
          "b",
          "blockquote",
          "br",
          "code",
          "details",
          "em",
          "h3",
          "li",
          "p",
          "pre",
          "strong",
          "sub",
          "summary",
          "table",
          "tbody",
          "td",
          "th",
          "thead",
          "tr",
          "ul",
        ];
        expect(page.elements.filter((name) => !allowed.includes(name))).toEqual([]);
        expect(body.match(/<!-- chart-promoter: end -->/g)).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  test("is never longer than GitHub takes, and says what was cut", () => {
    let index = 0;
    const body = pullRequestBody(factsOf(() => `${"long text ".repeat(30)}${index++}`, 300));
    expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(body.length).toBeGreaterThan(BODY_LIMIT * 0.9);
    expect(body).toMatch(/_\d+ more resources left out here: GitHub takes no longer text._/);
    expect(githubPage(body).text).toContain("Only a merge deploys this;");
  });

  describe("of a large change", () => {
    const body = pullRequestBody({
      ...factsOf(() => "x", 0),
      rendered: renderedOnce(largeRelease(1), largeRelease(2)),
    });

    test("tells every danger", () => {
      const [alert = ""] = body.split("> [!CAUTION]").slice(1);
      const names = Array.from({ length: 60 }, (_, index) => `\`db-${index}\``);
      expect(names.filter((name) => !alert.split("\n\n")[0]?.includes(name))).toEqual([]);
    });

    test("shows what runs before anything else, and definitions last", () => {
      const places = ["**Changed** `StatefulSet`", "**Changed** `ClusterRole`", "**Changed** `ConfigMap`"];
      const found = places.map((words) => body.indexOf(words));
      expect(found.every((place) => place > 0)).toBe(true);
      expect(found).toEqual(found.toSorted((a, b) => a - b));
    });

    test("names every resource whose difference is cut, with what becomes of it", () => {
      const names = [...Array.from({ length: 30 }, (_, index) => `things${index}.example.com`), "late-200"];
      const [, cut = ""] = body.split("left out here: GitHub takes no longer text.");
      expect(cut).toContain("- Changed: ");
      expect(names.filter((name) => !cut.includes(`\`${name}\``))).toEqual([]);
    });

    test("takes no more of the screen than somebody with a minute has before the first fold", () => {
      const [first = ""] = body.split("<details>");
      expect(first.split("\n").length).toBeLessThanOrEqual(27);
    });
  });

  test.each([4_000, 12_000, 40_000])("fits into %d characters when people wrote the rest", (room) => {
    let index = 0;
    expect(
      pullRequestBody(
        factsOf(() => `text ${index++}`, 40),
        room,
      ).length,
    ).toBeLessThanOrEqual(room);
  });

  test("is the same for the same facts", () => {
    const facts = factsOf(() => "x", 5);
    expect(pullRequestBody(facts)).toBe(pullRequestBody(structuredClone(facts)));
  });
});
