// What the issue about a drift says: never more than was reported, whatever stands in it.

import { describe, expect, test } from "@jest/globals";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import type { KnownDeployment } from "../../../src/domain/deployment/next-deployment.ts";
import { type DriftFacts, decideDrift, type Heal } from "../../../src/domain/drift/decide-drift.ts";
import { describeDrift } from "../../../src/domain/drift/drift-issue.ts";
import type { DriftPolicy, SeenResource } from "../../../src/domain/model/drift.ts";

/** So many minutes after the deployment succeeded. */
function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 25, 10, minutes));
}

const last: KnownDeployment = {
  ...{ repositoryId: 7, environment: "dev", sha: "a".repeat(40), pullRequest: 12, promotions: [] },
  ...{ state: "success", githubId: 1, deployers: ["jenkins"], createdAt: at(-2), changedAt: at(0) },
};

const scaled: SeenResource = {
  ...{ kind: "Deployment", namespace: "dev", name: "web", change: "changed", manager: "kubectl" },
  ...{ fields: ["spec.replicas"], since: at(20), seen: 2 },
};

const policy: DriftPolicy = {
  ...{ every: "15m", everyMs: 15 * 60_000, heal: "on" as const, afterMs: 0, atMost: 1, ignore: [] },
};

function issueOf(change: Partial<DriftFacts> = {}) {
  const facts: DriftFacts = {
    ...{ now: at(30), policy, last, reportedAt: at(29), silentSince: at(29), resources: [scaled], heals: [] },
    ...change,
  };
  const { resources } = facts;
  const report = { deployer: "jenkins", deploymentId: 1, resources, reportedAt: at(29), countedAt: at(29) };
  return describeDrift({ environment: "dev", facts, decision: decideDrift(facts), reports: [report] });
}

function next(change: Partial<DriftFacts>): string {
  return /\*\*What happens next:\*\* (.*)/.exec(issueOf(change).body ?? "")?.[1] ?? "";
}

const heal: Heal = { githubId: 5, sha: last.sha, createdAt: at(10), changedAt: at(11), state: "success" };
const failed: Heal = { ...heal, state: "failure", description: "jenkins: no quota" };
const open = { ...last, githubId: 9, pullRequest: 13, state: "in_progress" } as const;

describe("what happens next", () => {
  test.each<[what: string, change: Partial<DriftFacts>, message: string]>([
    ["healed", {}, "`aaaaaaa` is deployed again."],
    ["off", { policy: { ...policy, heal: "off" } }, "the configuration says `heal: off`"],
    [
      "too young",
      { policy: { ...policy, afterMs: 20 * 60_000 } },
      "It is healed at 2026-11-25 10:40 UTC, unless a report before then is without a difference.",
    ],
    [
      "frozen",
      { frozen: { by: "freeze", until: at(90), reason: "holidays" } },
      "until 2026-11-25 11:30 UTC (holidays)",
    ],
    [
      "kept",
      { keep: { until: at(90), by: "alice" } },
      "left alone until 2026-11-25 11:30 UTC, as `alice` asked.",
    ],
    ["a deployment is open", { open }, "It waits for the end of deployment 9 (#13)."],
    [
      "a heal is open",
      { open: { ...open, repeats: { task: "heal", of: 1, intent: "x" } } },
      "It is being healed: `aaaaaaa` is deployed again.",
    ],
    ["a heal failed", { heals: [failed] }, "deployment 5, which was to heal it, failed: jenkins: no quota."],
    [
      "too often",
      { heals: [heal] },
      "**It comes back.** It was healed once within 24 hours, and is not healed again by itself before 2026-11-26 10:10 UTC.",
    ],
    ["not comparable", { resources: [{ ...scaled, change: "unknown" }] }, "none of it could be compared"],
    ["not watched", { silentSince: at(-60) }, "It is reported on every 15m or nothing is healed by itself."],
  ])("%s", (_what, change, message) => {
    expect(next(change)).toContain(message);
  });
});

test("each resource is told with what differs, since when, how often it was seen, and who wrote it", () => {
  const many = { ...scaled, name: "many", fields: ["a", "b", "c", "d", "e", "f", "g"], seen: 1 };
  const { body = "" } = issueOf({
    resources: [scaled, many, { ...scaled, name: "gone", change: "missing" }],
  });
  expect(body.split("\n").filter((line) => line.startsWith("| `"))).toEqual([
    "| `Deployment/web` in `dev` | `spec.replicas`, last written by `kubectl` | 2026-11-25 10:20 UTC | 2 reports |",
    "| `Deployment/many` in `dev` | `a`, `b`, `c`, `d`, `e` and 2 more, last written by `kubectl` | 2026-11-25 10:20 UTC | 1 report |",
    "| `Deployment/gone` in `dev` | is missing | 2026-11-25 10:20 UTC | 2 reports |",
  ]);
});

test("a clean report ends it, with who reported it and when", () => {
  expect(issueOf({ resources: [] })).toEqual({
    title: "Drift in dev",
    tells: "",
    lastWords:
      "**Over:** `dev` is as deployment 1 (`aaaaaaa`, #12) left it, as `jenkins` reported at 2026-11-25 10:29 UTC. Below stands what was known before that.",
  });
});

test("whatever names hold, they are shown and do nothing", () => {
  const hostile = ["@alice", "a|b", "`</td><img/src=x>", "[x](https://evil.example)", "-->", "#1"];
  const resources = hostile.map((name) => ({ ...scaled, kind: "ConfigMap", name, manager: `by ${name}` }));
  const heals = [{ ...failed, description: `jenkins: ${hostile.join(" ")}` }];
  const { body = "" } = issueOf({ resources, heals });
  const html = micromark(body.replace(/<!--[\s\S]*-->/g, ""), {
    ...{ allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] },
  });
  expect(html).not.toMatch(/<a |<img/);
  expect(html.match(/<tr>/g)).toHaveLength(hostile.length + 1);
  expect(html.match(/<td/g)).toHaveLength(hostile.length * 4);
  expect(body.slice(body.indexOf("<!--")).match(/-->/g)).toHaveLength(1);
  const outside = html.replace(/<code>[\s\S]*?<\/code>/g, "");
  expect(outside).not.toMatch(/@alice|evil/);
});

test("ten thousand resources with the longest names are told by the first ones, within what GitHub takes", () => {
  const fields = Array.from({ length: 5 }, () => "y".repeat(500));
  const all = Array.from({ length: 10_000 }, (_, n) => ({
    ...scaled,
    name: `${n}`.padStart(253, "x"),
    fields,
  }));
  const one = all.map((resource) => ({ ...resource, name: "one" }));
  for (const resources of [all, one]) {
    const { body = "" } = issueOf({ resources });
    expect(body.length).toBeLessThan(62_000);
    expect(body).toMatch(/\| and 99\d\d more \|/);
  }
});
