// Which versions of a chart an environment has had, since when, and which of them were taken back.

import type { Deployment } from "../model/deployment.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";

export type Standing =
  | { readonly kind: "never" }
  | { readonly kind: "out"; readonly since: Date }
  /** A later deployment went back below it. */
  | { readonly kind: "taken-back"; readonly to: string; readonly pullRequest: number };

/**
 * `past`: an environment's deployments, newest first. A version is out when a deployment of it succeeded, or a later one
 * that contains it; where no deployer is to be called, when it was merged.
 */
export function broughtOut(past: readonly Deployment[], chart: string, version: string): Standing {
  let standing: Standing = { kind: "never" };
  let waiting: string | undefined;
  for (const deployment of past.toReversed()) {
    const moved = deployment.promotions.findLast((move) => move.chart === chart)?.to;
    if (moved !== undefined && !wasReplaced(deployment)) waiting = moved;
    const at = outAt(deployment);
    if (!at || waiting === undefined) continue;
    if (waiting === version) standing = standing.kind === "out" ? standing : { kind: "out", since: at };
    else if (standing.kind === "out" && isLower(waiting, version))
      standing = { kind: "taken-back", to: waiting, pullRequest: deployment.pullRequest };
    waiting = undefined;
  }
  return standing;
}

function outAt({ deployers, state, createdAt, changedAt }: Deployment): Date | undefined {
  if (deployers.length === 0) return createdAt;
  return state === "success" ? changedAt : undefined;
}

/** History was rewritten: no later deployment contains it. */
function wasReplaced({ state, description }: Deployment): boolean {
  return state === "inactive" && description?.startsWith("Contained in") !== true;
}

function isLower(one: string, other: string): boolean {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  return a !== undefined && b !== undefined && compareVersions(a, b) < 0;
}
