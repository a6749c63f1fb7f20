// A report beside the one before: since when, how often, and what is sent twice.

import { expect, test } from "@jest/globals";
import { noteReport } from "../../../src/domain/drift/note-report.ts";
import type { DriftedResource, DriftReport } from "../../../src/domain/model/drift.ts";

const everyMs = 15 * 60_000;
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 25, 10, minutes));
const web: DriftedResource = { kind: "Deployment", namespace: "dev", name: "web", change: "changed" };
const role: DriftedResource = { kind: "ClusterRole", name: "web", change: "missing" };

/** `name since seen` after these reports: minute, resources, and the deployment where it is another. */
function seenAfter(
  ...reports: readonly (readonly [minute: number, resources: readonly DriftedResource[], id?: number])[]
): readonly string[] {
  let known: DriftReport | undefined;
  for (const [minute, resources, deploymentId = 1] of reports)
    known = noteReport(known, { deployer: "jenkins", deploymentId, resources }, { at: at(minute), everyMs });
  return (known?.resources ?? []).map(({ kind, since, seen }) => `${kind} ${since.getUTCMinutes()} ${seen}`);
}

test.each([
  [
    "each round counts",
    [
      [0, [web]],
      [15, [web]],
      [30, [web]],
    ],
    ["Deployment 0 3"],
  ],
  [
    "what is sent twice counts once",
    [
      [0, [web]],
      [1, [web]],
      [15, [web]],
    ],
    ["Deployment 0 2"],
  ],
  [
    "what comes later is younger",
    [
      [0, [web]],
      [15, [web, role]],
    ],
    ["Deployment 0 2", "ClusterRole 15 1"],
  ],
  [
    "what differs otherwise is the same drift",
    [
      [0, [web]],
      [1, [{ ...web, fields: ["spec"] }]],
    ],
    ["Deployment 0 2"],
  ],
  [
    "what was gone begins anew",
    [
      [0, [web]],
      [15, []],
      [30, [web]],
    ],
    ["Deployment 30 1"],
  ],
  [
    "after another deployment it begins anew",
    [
      [0, [web]],
      [15, [web], 2],
    ],
    ["Deployment 15 1"],
  ],
  [
    "order does not matter",
    [
      [0, [web, role]],
      [1, [role, web]],
    ],
    ["ClusterRole 0 1", "Deployment 0 1"],
  ],
] as const)("%s", (_what, reports, seen) => {
  expect(seenAfter(...reports)).toEqual(seen);
});
