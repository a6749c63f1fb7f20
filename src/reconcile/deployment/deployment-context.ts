// The context of one reconcile of one environment's deployments, and a deployment after each of its calls took a step.

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
  /** When the next steps of its calls are due. */
  readonly requeueAt: readonly Date[];
}

/** Maps one item after the other, so that a deployer never receives two requests at once. */
export async function mapSeries<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
