// Which versions of a chart an environment has had, since when, and which of them failed or were taken back.

import type { Deployment } from "../../model/deployment.ts";
import { compareVersions, parseVersion } from "../../versions/version.ts";

export type Standing =
  | { readonly kind: "never" }
  | { readonly kind: "out"; readonly since: Date }
  | { readonly kind: "failed"; readonly pullRequest: number }
  /** A later merge went back below it, whatever came of its deployment. */
  | { readonly kind: "taken-back"; readonly to: string; readonly pullRequest: number };

/**
 * `past`: an environment's deployments, newest first. A version is out when a deployment of it succeeded, or a later one
 * that contains it; where no deployer is to be called, when it was merged.
 */
export function broughtOut(past: readonly Deployment[], chart: string, version: string): Standing {
  let standing: Standing = { kind: "never" };
  let present: string | undefined;
  let wasPresent = false;
  for (const deployment of past.toReversed()) {
    const { pullRequest } = deployment;
    const moved = deployment.promotions.findLast((move) => move.chart === chart)?.to;
    if (moved !== undefined && !wasReplaced(deployment)) {
      present = moved;
      if (wasPresent && isLower(moved, version)) standing = { kind: "taken-back", to: moved, pullRequest };
    }
    if (present !== version) continue;
    wasPresent = true;
    const since = outAt(deployment);
    if (standing.kind === "out") continue;
    if (since) standing = { kind: "out", since };
    else if (hasFailed(deployment)) standing = { kind: "failed", pullRequest };
  }
  return standing;
}

function outAt({ deployers, state, createdAt, changedAt }: Deployment): Date | undefined {
  if (deployers.length === 0) return createdAt;
  return state === "success" ? changedAt : undefined;
}

function hasFailed({ state }: Deployment): boolean {
  return state === "failure" || state === "error";
}

/** History was rewritten: no later deployment contains it. */
function wasReplaced({ state, overtaken }: Deployment): boolean {
  return state === "inactive" && overtaken !== "contained";
}

/** False where either is no version. */
export function isLower(one: string, other: string): boolean {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  return a !== undefined && b !== undefined && compareVersions(a, b) < 0;
}
