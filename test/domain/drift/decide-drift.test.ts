// What is done about a drift, case by case: nothing, shown, healed, or people asked.

import { expect, test } from "@jest/globals";
import type { KnownDeployment } from "../../../src/domain/deployment/next-deployment.ts";
import {
  type DriftFacts,
  decideDrift,
  type Heal,
  redecideAt,
} from "../../../src/domain/drift/decide-drift.ts";
import type { SeenResource } from "../../../src/domain/model/drift.ts";

const MINUTE = 60_000;
const DAY = 24 * 60;

/** So many minutes after the deployment succeeded. */
function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 25, 10) + minutes * MINUTE);
}

const last: KnownDeployment = {
  ...{ repositoryId: 7, environment: "dev", sha: "a".repeat(40), pullRequest: 12, promotions: [] },
  ...{ state: "success", githubId: 1, deployers: ["jenkins"], createdAt: at(-2), changedAt: at(0) },
};

const scaled: SeenResource = {
  ...{ kind: "Deployment", namespace: "dev", name: "web", change: "changed" },
  ...{ fields: ["spec.replicas"], since: at(58), seen: 1 },
};

function heal(githubId: number, minutes: number, state: Heal["state"] = "success"): Heal {
  return { githubId, sha: last.sha, createdAt: at(minutes), changedAt: at(minutes + 1), state };
}

const policy = { every: "15m", everyMs: 15 * MINUTE, heal: "on", afterMs: 0, atMost: 3, ignore: [] } as const;

/** Reported a minute ago, an hour after the deployment. */
function facts(change: Partial<DriftFacts> = {}): DriftFacts {
  return {
    now: at(60),
    policy,
    last,
    reportedAt: at(59),
    silentSince: at(59),
    resources: [scaled],
    heals: [],
    ...change,
  };
}

const CASES: readonly (readonly [what: string, change: Partial<DriftFacts>, decided: object])[] = [
  ["heal: on", {}, { kind: "heal", of: last }],
  ["what is missing", { resources: [{ ...scaled, change: "missing" }] }, { kind: "heal" }],
  ["heal: off", { policy: { ...policy, heal: "off" } }, { kind: "show", because: "off" }],
  ["nothing differs", { resources: [] }, { kind: "clean" }],
  [
    "nothing could be compared",
    { resources: [{ ...scaled, change: "unknown" }] },
    { kind: "show", because: "not-comparable" },
  ],
  ["too young", { policy: { ...policy, afterMs: 5 * MINUTE } }, { because: "too-young", until: at(63) }],
  ["old enough", { policy: { ...policy, afterMs: 2 * MINUTE } }, { kind: "heal" }],
  [
    "what cannot be compared does not make it older",
    {
      policy: { ...policy, afterMs: 5 * MINUTE },
      resources: [{ ...scaled, change: "unknown", since: at(1) }, scaled],
    },
    { because: "too-young", until: at(63) },
  ],
  [
    "a freeze",
    { frozen: { by: "freeze", until: at(90), reason: "holidays" } },
    { because: "frozen", until: at(90) },
  ],
  ["somebody keeps it", { keep: { until: at(80), by: "alice" } }, { because: "keep", until: at(80) }],
  [
    "somebody keeps what is not healed by itself",
    { policy: { ...policy, heal: "off" }, keep: { until: at(80), by: "alice" } },
    { because: "keep", until: at(80) },
  ],
  ["somebody kept it", { keep: { until: at(60), by: "alice" } }, { kind: "heal" }],
  [
    "a deployment is open",
    { open: { ...last, githubId: 2, state: "queued" } },
    { kind: "show", because: "open" },
  ],
  [
    "a newer commit failed since",
    { failedSince: { ...last, githubId: 2, sha: "b".repeat(40), state: "failure" } },
    { kind: "ask", because: "failed-since" },
  ],
  ["fewer heals than allowed", { heals: [heal(3, 50), heal(2, 40)] }, { kind: "heal" }],
  [
    "as many heals as allowed",
    { heals: [heal(4, 50), heal(3, 45), heal(2, 40)] },
    { kind: "ask", because: "at-most", until: at(40 + DAY) },
  ],
  [
    "heals of the day before do not count",
    {
      now: at(40 + DAY),
      reportedAt: at(39 + DAY),
      silentSince: at(39 + DAY),
      heals: [heal(4, 50), heal(3, 45), heal(2, 40)],
    },
    { kind: "heal" },
  ],
  ["the deployer says a heal failed", { heals: [heal(2, 50, "failure")] }, { because: "heal-failed" }],
  [
    "a heal failed before the deployment that stands now",
    { last: { ...last, createdAt: at(55) }, heals: [heal(2, 50, "failure")] },
    { kind: "heal" },
  ],
  [
    "a heal of the commit before failed, which was decided before the merge of this one was heard of",
    { heals: [{ ...heal(2, 50, "failure"), sha: "b".repeat(40) }] },
    { kind: "heal" },
  ],
  [
    "a heal could not be told of, and was looked at since",
    { heals: [heal(2, 50, "error")] },
    { kind: "heal" },
  ],
  [
    "a heal could not be told of just now",
    { heals: [heal(2, 58.5, "error")] },
    { kind: "show", because: "not-looked-since" },
  ],
  ["nothing deployed yet", { last: undefined }, { kind: "nothing" }],
  ["not reported yet", { reportedAt: undefined, resources: [], silentSince: at(30) }, { kind: "nothing" }],
  [
    "never reported for three rounds",
    { reportedAt: undefined, resources: [], silentSince: at(15) },
    { kind: "unwatched", since: at(15) },
  ],
  ["the last report is old", { silentSince: at(15), reportedAt: at(15) }, { kind: "unwatched" }],
];

test.each(CASES)("%s", (_what, change, decided) => {
  expect(decideDrift(facts(change))).toMatchObject(decided);
});

test.each<readonly [string, Partial<DriftFacts>, Date]>([
  ["the end of a freeze", { frozen: { by: "freeze", until: at(70), reason: "" } }, at(70)],
  [
    "the moment when nobody watches any more, where that is earlier",
    { frozen: { by: "freeze", until: at(900), reason: "" } },
    at(104),
  ],
  ["and for what is clean", { resources: [] }, at(104)],
])("it is decided again at %s", (_what, change, then) => {
  const given = facts(change);
  expect(redecideAt(given, decideDrift(given))).toEqual(then);
});

test("what nobody watches is decided again when something is reported", () => {
  const given = facts({ silentSince: at(0) });
  expect(redecideAt(given, decideDrift(given))).toBeUndefined();
});
