// One reconcile of one environment: its context, and a deployment after its calls took a step each.

import type { DeploymentCandidate } from "../../domain/deployment/next-deployment.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DeployPorts, DeployTarget, NoTarget } from "./ports.ts";

export interface DeploymentContext {
  readonly key: EnvironmentKey;
  readonly ports: DeployPorts;
  readonly now: Date;
  readonly target: DeployTarget | NoTarget;
}

export function isConfigured(target: DeployTarget | NoTarget): target is DeployTarget {
  return !("missing" in target);
}

export interface AdvancedDeployment extends DeploymentCandidate {
  /** When its calls are to take their next steps. */
  readonly requeueAt: readonly Date[];
}

/** One after the other: a deployer is never asked two things at once. */
export async function mapSeries<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
