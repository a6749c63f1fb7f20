// What the check says about a head, case by case.

import { describe, expect, test } from "@jest/globals";
import type { CheckFacts, EntryFacts, EnvironmentFacts } from "../../../src/domain/check/facts.ts";
import { judgePullRequest } from "../../../src/domain/check/judge-pull-request.ts";
import { readChange } from "../../../src/domain/check/read-change.ts";
import type { ChartRule, Environment } from "../../../src/domain/model/config/config.ts";
import type { EnvironmentTexts } from "../../../src/domain/model/github/checked-pull-request.ts";
import type { Problem } from "../../../src/domain/model/problem.ts";
import type { Files } from "../../../src/domain/model/umbrella.ts";

const NOW = new Date("2026-12-01T00:00:00Z");
const URL = "https://charts.example.com";
const PROBLEM: Problem = {
  code: "chart-repository-unreachable",
  message: "It does not answer.",
  help: "Wait.",
};
const CHART = "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n";

function manifest(version: string, more = ""): string {
  return `dependencies:\n  - name: xposer\n    version: ${version}\n    repository: ${URL}\n${more}`;
}

function folder(version: string, more: { readonly [path: string]: string } = {}): Files {
  return new Map(Object.entries({ "Chart.yaml": CHART, "requirements.yaml": manifest(version), ...more }));
}

function environmentWith(rule: Partial<ChartRule> = {}, freeze: Environment["freeze"] = []): Environment {
  return {
    ...{ name: "dev", path: "envs/dev", branch: "main", valuesFiles: ["values.yaml", "{chart}.yaml"] },
    charts: [{ glob: "*", versions: "*", updates: "major", values: [], ...rule }],
    ...{
      pullRequests: "chart",
      umbrellaVersion: "keep",
      staleLock: "refuse",
      labels: [],
      draft: false,
      autoMerge: "off",
    },
    ...{ reviewers: { users: [], teams: [] }, soakMs: 0, freeze, deploy: [] },
    cluster: { release: "dev", namespace: "dev", apiVersions: [] },
  };
}

interface Case {
  readonly texts?: Partial<EnvironmentTexts>;
  readonly entry?: Partial<EntryFacts>;
  readonly environment?: Environment;
  readonly facts?: Partial<EnvironmentFacts>;
  readonly head?: Partial<CheckFacts>;
}

const FOUND: EntryFacts["chart"] = { kind: "found", repository: "main", signature: { kind: "unasked" } };

function judged(given: Case = {}) {
  const texts = { fork: folder("1.0.0"), base: folder("1.0.0"), head: folder("1.1.0"), ...given.texts };
  const { umbrellas, entries, lockBefore } = readChange(texts, new Map());
  return judgePullRequest({
    environments: [
      {
        environment: given.environment ?? environmentWith(),
        texts,
        umbrella: umbrellas.head,
        ...(lockBefore !== undefined && { lockBefore }),
        entries: entries.map((entry) => ({ entry, chart: FOUND, ...given.entry })),
        archives: [],
        images: [],
        ...given.facts,
      },
    ],
    ...{
      emergency: false,
      rollback: new Map(),
      requested: new Map(),
      filesOfOthers: [],
      links: [],
    },
    ...{ now: NOW, ...given.head },
  });
}

const MISSING: EntryFacts["chart"] = { kind: "missing", repository: "main", requested: "GET answered 404" };

describe("the conclusion", () => {
  const cases: readonly (readonly [string, Case, string, RegExp])[] = [
    ["a sound promotion", {}, "success", /^Good to merge: xposer 1\.1\.0 in dev$/],
    ["nothing that is judged", { texts: { head: folder("1.0.0") } }, "neutral", /^No chart moves$/],
    ["a missing chart", { entry: { chart: MISSING } }, "failure", /^xposer 1\.1\.0 is not in .*"main"/],
    [
      "an outage",
      { entry: { chart: { kind: "unreachable", problem: PROBLEM } } },
      "pending",
      /not known yet/,
    ],
    [
      "another digest",
      { entry: { chart: { ...FOUND, digest: "sha256:b", announced: "sha256:a" } } },
      "failure",
      /published with sha256:a, but the chart repository has sha256:b/,
    ],
    [
      "a bad signature",
      { entry: { chart: { ...FOUND, signature: { kind: "invalid", problem: PROBLEM } } } },
      "failure",
      /It does not answer/,
    ],
    [
      "a signature that cannot be had now",
      { entry: { chart: { ...FOUND, signature: { kind: "unknown", problem: PROBLEM } } } },
      "pending",
      /is signed is not known yet/,
    ],
    [
      "a step too large",
      { environment: environmentWith({ updates: "patch" }) },
      "failure",
      /is a minor step/,
    ],
    ["a way back", { texts: { head: folder("0.9.0") } }, "failure", /would go back from 1\.0\.0 to 0\.9\.0/],
    [
      "a rollback",
      {
        texts: { head: folder("0.9.0") },
        head: { rollback: new Map([["xposer", { version: "0.9.0", from: "1.0.0" }]]) },
      },
      "success",
      /0\.9\.0/,
    ],
    [
      "a rollback from something else than is there",
      {
        texts: { head: folder("0.9.0") },
        head: { rollback: new Map([["xposer", { version: "0.9.0", from: "0.9.5" }]]) },
      },
      "failure",
      /would go back/,
    ],
    [
      "what only the base changed",
      { texts: { base: folder("1.2.0"), head: folder("1.0.0") } },
      "neutral",
      /No chart/,
    ],
    ["a hold", { head: { held: "labelled" } }, "pending", /^Held by the label/],
    [
      "a hold on a bad one",
      { head: { held: "labelled" }, entry: { chart: MISSING } },
      "failure",
      /is not in/,
    ],
    [
      "a soak",
      { entry: { wait: { because: "soaks in staging", until: new Date(NOW.getTime() + 1) } } },
      "pending",
      /soaks in staging/,
    ],
    [
      "never deployed before",
      { entry: { wait: { because: "waits for staging" } } },
      "failure",
      /waits for staging/,
    ],
    ["no manifest", { texts: { head: new Map() } }, "failure", /Chart\.yaml/],
    [
      "an image that is not there",
      { facts: { images: [{ image: "r/a:1", answer: { kind: "missing", requested: "404" } }] } },
      "failure",
      /The image r\/a:1 does not exist/,
    ],
    [
      "a registry that does not answer",
      { facts: { images: [{ image: "r/a:1", answer: { kind: "unknown", problem: PROBLEM } }] } },
      "pending",
      /It does not answer/,
    ],
    ["images not looked up", { facts: { imagesUnknown: "no helm" } }, "success", /Good to merge/],
  ];
  test.each(cases)("%s", (...[, given, conclusion, title]) => {
    const judgement = judged(given);
    expect(judgement.conclusion).toBe(conclusion);
    expect(judgement.title).toMatch(title);
  });
});

test("a version of the same rank is told: Helm may download it in the place of the one that is merged", () => {
  const { conclusion, summary } = judged({ entry: { chart: { ...FOUND, sameRank: ["1.1.0+b1"] } } });
  expect(conclusion).toBe("success");
  expect(summary).toContain("What is merged may not be what is deployed");
  expect(summary).toContain("1.1.0+b1");
  expect(judged({ entry: { chart: { ...FOUND, sameRank: [] } } }).summary).not.toContain("may not be");
});

test.each([
  ["in trouble", {}, 60_000],
  ["that denies the login", { why: "denied" }, 600_000],
  ["that asks to be left alone", { why: "trouble", retryAfterMs: 900_000 }, 900_000],
  ["that asks for less than the usual wait", { why: "trouble", retryAfterMs: 1 }, 60_000],
] as const)("a chart repository %s is asked again", (_, lookup, retryAfterMs) => {
  const judgement = judged({ entry: { chart: { kind: "unreachable", problem: PROBLEM, ...lookup } } });
  expect(judgement).toMatchObject({ conclusion: "pending", retryAfterMs });
});

test("a present version that cannot be had now is asked for again, and keeps nobody waiting", () => {
  const judgement = judged({ facts: { comparesLater: true } });
  expect(judgement).toMatchObject({ conclusion: "success", retryAfterMs: 600_000 });
});

test("nothing is asked again when everything has answered", () => {
  expect(judged({})).not.toHaveProperty("retryAfterMs");
});

describe("a freeze", () => {
  const to = new Date("2026-12-02T00:00:00Z");
  const frozen = environmentWith({}, [{ from: new Date("2026-11-30T00:00:00Z"), to, reason: "holidays" }]);

  test("makes it wait until its end, which it names with the reason", () => {
    expect(judged({ environment: frozen })).toMatchObject({
      conclusion: "pending",
      title: expect.stringMatching(
        /^dev is frozen until 2026-12-02 00:00 UTC: holidays\. The label emergency/,
      ),
      until: to,
    });
  });

  test("is no reason to wait with the label for emergencies, which is named", () => {
    const judgement = judged({ environment: frozen, head: { emergency: true } });
    expect(judgement).toMatchObject({ conclusion: "success", until: to });
    expect(judgement.summary).toContain("The label emergency lets it be merged and deployed all the same.");
  });

  test("is over at its end", () => {
    expect(judged({ environment: frozen, head: { now: to } }).conclusion).toBe("success");
  });
});

test("annotations stand on the very lines", () => {
  const head = folder("9.9.9", { "requirements.yaml": `# a comment\n${manifest("9.9.9")}` });
  expect(judged({ texts: { head }, entry: { chart: MISSING } }).annotations).toEqual([
    {
      path: "envs/dev/requirements.yaml",
      line: 4,
      level: "failure",
      message: expect.stringContaining("9.9.9"),
    },
  ]);
});

describe("the lock", () => {
  const lock = (version: string, digest: string) =>
    `dependencies:\n- name: xposer\n  repository: ${URL}\n  version: ${version}\ndigest: sha256:${digest}\ngenerated: "2026-01-01T00:00:00Z"\n`;
  const stale = lock("1.1.0", "0".repeat(64));

  test("out of step fails on the line of its digest", () => {
    const { conclusion, annotations } = judged({
      texts: { head: folder("1.1.0", { "requirements.lock": stale }) },
    });
    expect(conclusion).toBe("failure");
    expect(annotations).toEqual([
      expect.objectContaining({ path: "envs/dev/requirements.lock", line: 5, level: "failure" }),
    ]);
  });

  test("that locks what the manifest does not admit fails on its entry, whatever the digest", () => {
    const { annotations } = judged({
      texts: { head: folder("1.1.0", { "requirements.lock": lock("6.6.6", "0".repeat(64)) }) },
    });
    expect(annotations).toContainEqual(
      expect.objectContaining({
        line: 2,
        message: "requirements.lock locks xposer at 6.6.6, which 1.1.0 in requirements.yaml does not admit.",
      }),
    );
  });
});

test("hostile text does nothing in the summary", () => {
  const chart: EntryFacts["chart"] = {
    kind: "missing",
    repository: "main",
    requested: "@everyone <img src=x> [a](http://b)",
  };
  const { summary } = judged({ entry: { chart } });
  expect(summary).toContain("`@everyone` &lt;img src=x&gt; \\[`a](http://b`)");
});
