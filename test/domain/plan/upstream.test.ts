// `after` and `soak`: a version is let through once it stood long enough in the environment before, and only then.

import { expect, test } from "@jest/globals";
import type { Deployment, DeploymentState } from "../../../src/domain/model/deployment.ts";
import { judgeUpstream, type UpstreamState } from "../../../src/domain/plan/upstream.ts";

const HOUR = 3_600_000;
const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));

function deployed(to: string, hour: number, state: DeploymentState = "success"): Deployment {
  return {
    ...{ repositoryId: 1, environment: "staging", sha: `${hour}`, pullRequest: hour, deployers: ["ci"] },
    ...{ promotions: [{ chart: "xposer", from: "", to }], state },
    ...{ createdAt: at(hour), changedAt: at(hour) },
  };
}

/** Oldest first. */
function staging(...deployments: readonly Deployment[]): UpstreamState {
  return known(...deployments);
}

function known(...deployments: readonly Deployment[]): Extract<UpstreamState, { kind: "known" }> {
  return {
    kind: "known",
    environment: "staging",
    soakMs: 4 * HOUR,
    deployments: deployments.toReversed(),
    declined: new Set(["xposer 3.0.0"]),
  };
}

function judged(upstream: UpstreamState, hour: number, version = "1.0.0") {
  return judgeUpstream(upstream, { chart: "xposer", version }, at(hour));
}

test("without `after` every version is free", () => {
  expect(judged({ kind: "none" }, 0)).toEqual({ kind: "free" });
});

test("an environment that cannot be read lets nothing through, and says why", () => {
  expect(judged({ kind: "unknown", because: "waits for acme/other" }, 0)).toEqual({
    kind: "waits",
    because: "waits for acme/other",
    never: true,
  });
});

test.each([
  ["it stands there, and nobody deployed it", { version: "1.0.0", isPromoted: false }, true],
  ["a newer one stands there, and nobody deployed it", { version: "1.1.0", isPromoted: false }, true],
  ["an older one stands there", { version: "0.9.0", isPromoted: false }, undefined],
  ["a promotion that is merged brought it", { version: "1.0.0", isPromoted: true }, undefined],
] as const)("a version waits in vain only where that is so: %s", (_what, present, never) => {
  const upstream = { ...known(), present: new Map([["xposer", present]]) };
  const verdict = judged(upstream, 0);
  expect(verdict).toMatchObject({ kind: "waits", because: expect.stringMatching(/^waits until 1\.0\.0 is/) });
  expect("never" in verdict ? verdict.never : undefined).toBe(never);
});

test("a version waits in vain for an environment that does not have the chart", () => {
  expect(judged({ ...known(), present: new Map() }, 0)).toEqual({
    kind: "waits",
    because: "waits until 1.0.0 is deployed in staging, which does not have xposer",
    never: true,
  });
});

test("a version that was never there waits", () => {
  expect(judged(staging(), 0)).toEqual({
    kind: "waits",
    because: "waits until 1.0.0 is deployed in staging",
  });
});

test("a version that stands there soaks until its end, and is free from then on", () => {
  const upstream = staging(deployed("1.0.0", 0));
  expect(judged(upstream, 3)).toMatchObject({ kind: "waits", until: at(4) });
  expect(judged(upstream, 4)).toEqual({
    kind: "free",
    satisfied: "deployed to staging since 2026-01-01 00:00 UTC, longer than the 4 hours asked for",
  });
});

test("one that was replaced before its end never soaks, however long ago it came", () => {
  const upstream = staging(deployed("1.0.0", 0), deployed("1.1.0", 1));
  expect(judged(upstream, 100)).toEqual({
    kind: "waits",
    because: "waits: 1.0.0 was replaced in staging before the 4 hours asked for",
  });
  expect(judged(upstream, 5, "1.1.0")).toMatchObject({ kind: "free" });
});

test("one that soaked before it was replaced is free, and the text says from when to when", () => {
  const upstream = staging(deployed("1.0.0", 0), deployed("1.1.0", 6));
  expect(judged(upstream, 7)).toMatchObject({
    kind: "free",
    satisfied: expect.stringContaining("from 2026-01-01 00:00 UTC to 2026-01-01 06:00 UTC"),
  });
});

test("one that came back soaks anew", () => {
  const upstream = staging(deployed("1.0.0", 0), deployed("1.1.0", 1, "failure"), deployed("1.0.0", 2));
  expect(judged(upstream, 5)).toMatchObject({ kind: "waits", until: at(6) });
  expect(judged(upstream, 6)).toMatchObject({ kind: "free" });
});

test("what failed, was rolled back or was declined there is withdrawn here", () => {
  expect(judged(staging(deployed("1.0.0", 0, "failure")), 1)).toMatchObject({ kind: "withdrawn" });
  expect(judged(staging(deployed("1.0.0", 0), deployed("0.9.0", 1)), 9)).toMatchObject({ kind: "withdrawn" });
  expect(judged(staging(), 1, "3.0.0")).toMatchObject({ kind: "withdrawn" });
});
