// The whole text: within GitHub's limit, and harmless whatever the facts say.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ChartFacts, Opened, ReviewFacts } from "../../src/review/facts.ts";
import { reviewBody } from "../../src/review/review.ts";
import { BODY_LIMIT } from "../../src/review/size.ts";
import { githubPage } from "./github-page.ts";

type Text = () => string;

/** Facts in which every text is what `next` says. */
function factsOf(next: Text, count: number): ReviewFacts {
  const times = <T>(make: () => T): T[] => Array.from({ length: count }, make);
  return {
    environment: next(),
    charts: [chartOf(next, times)],
    valuesFiles: [{ path: next(), text: JSON.stringify({ key: { [next()]: next(), gone: next() } }) }],
    rendered: {
      kind: "rendered",
      before: times(() => manifest(next)).join("---\n"),
      after: times(() => manifest(next)).join("---\n"),
    },
    notes: times(next),
    policy: { satisfied: times(next), pending: times(next) },
    githubWeb: "https://github.com",
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
    signature: { kind: "invalid", because: next() },
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
        const body = reviewBody(factsOf(next, 3));
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
    const body = reviewBody(factsOf(() => `${"long text ".repeat(30)}${index++}`, 300));
    expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(body.length).toBeGreaterThan(BODY_LIMIT * 0.9);
    expect(body).toMatch(/_\d+ more resources left out here: GitHub takes no longer text._/);
    expect(githubPage(body).text).toContain("Merging this deploys it.");
  });

  test.each([4_000, 12_000, 40_000])("fits into %d characters when people wrote the rest", (room) => {
    let index = 0;
    expect(
      reviewBody(
        factsOf(() => `text ${index++}`, 40),
        room,
      ).length,
    ).toBeLessThanOrEqual(room);
  });

  test("is the same for the same facts", () => {
    const facts = factsOf(() => "x", 5);
    expect(reviewBody(facts)).toBe(reviewBody(structuredClone(facts)));
  });
});
