// Which versions of a chart an environment has had, and when, and which of them failed or were taken back.

import type { Deployment } from "../model/deployment.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import { inMergeOrder } from "./merge-order.ts";

export type VersionStatus =
  | { readonly kind: "never" }
  /** Oldest first; at least one. */
  | { readonly kind: "out"; readonly periods: readonly DeployedPeriod[] }
  | { readonly kind: "failed"; readonly pullRequest: number }
  /** A later merge went to a lower version, whatever the result of its deployment. */
  | { readonly kind: "taken-back"; readonly to: string; readonly pullRequest: number };

/** A period in which a version was deployed in an environment. */
export interface DeployedPeriod {
  readonly since: Date;
  /** When another version replaced it; absent while it is deployed. */
  readonly until?: Date;
}

/**
 * `past`: an environment's deployments, newest first. A version is deployed when a deployment of it, or a later one
 * that contains it, has succeeded; without deployers, when it was merged. It remains until a deployment of another
 * version has ended, successful or not.
 */
export function versionStatusOf(past: readonly Deployment[], chart: string, version: string): VersionStatus {
  let status: VersionStatus = { kind: "never" };
  let present: string | undefined;
  let wasPresent = false;
  for (const deployment of inMergeOrder(past.toReversed())) {
    const { pullRequest } = deployment;
    const moved = deployment.promotions.findLast((move) => move.chart === chart)?.to;
    if (moved !== undefined && !wasReplaced(deployment)) {
      present = moved;
      if (wasPresent && isLower(moved, version)) status = { kind: "taken-back", to: moved, pullRequest };
    }
    if (present === version) {
      wasPresent = true;
      status = statusAfter(deployment, status);
    } else if (status.kind === "out") {
      status = { kind: "out", periods: ended(status.periods, endedAt(deployment)) };
    }
  }
  return status;
}

/** The status after a deployment of the version, or of one that contains it. */
function statusAfter(deployment: Deployment, status: VersionStatus): VersionStatus {
  const since = outAt(deployment);
  if (status.kind === "out") {
    const stands = status.periods.at(-1)?.until === undefined;
    return since && !stands ? { kind: "out", periods: [...status.periods, { since }] } : status;
  }
  if (since) return { kind: "out", periods: [{ since }] };
  return hasFailed(deployment) ? { kind: "failed", pullRequest: deployment.pullRequest } : status;
}

function ended(periods: readonly DeployedPeriod[], until: Date | undefined): readonly DeployedPeriod[] {
  const last = periods.at(-1);
  return last && last.until === undefined && until ? [...periods.slice(0, -1), { ...last, until }] : periods;
}

function outAt({ deployers, state, createdAt, changedAt }: Deployment): Date | undefined {
  if (deployers.length === 0) return createdAt;
  return state === "success" ? changedAt : undefined;
}

/** A failed deployment leaves an unknown state, so the period ends. */
function endedAt(deployment: Deployment): Date | undefined {
  return outAt(deployment) ?? (hasFailed(deployment) ? deployment.changedAt : undefined);
}
function hasFailed({ state }: Deployment): boolean {
  return state === "failure" || state === "error";
}

/** History was rewritten: no later deployment contains it. */
export function wasReplaced({ state, overtaken }: Deployment): boolean {
  return state === "inactive" && overtaken !== "contained";
}

/** False when either text is no version. */
export function isLower(one: string, other: string): boolean {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  return a !== undefined && b !== undefined && compareVersions(a, b) < 0;
}
