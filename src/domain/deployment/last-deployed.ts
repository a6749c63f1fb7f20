// The last deployment of an environment: its commit is the only one that may be deployed again.

import { type DeploymentCandidate, firstCalledAt, type KnownDeployment } from "./next-deployment.ts";

/** The last ended deployment, successful or not, that its deployers were called for. */
export function lastDeployed(candidates: readonly DeploymentCandidate[]): KnownDeployment | undefined {
  return lastIn(candidates, ["success", "failure", "error"]);
}

/** The last successful one. */
export function lastSucceeded(candidates: readonly DeploymentCandidate[]): KnownDeployment | undefined {
  return lastIn(candidates, ["success"]);
}

/**
 * Deployers are called for one deployment at a time, so for adopted deployments (lost database) the end time gives the
 * order.
 */
function lastIn(
  candidates: readonly DeploymentCandidate[],
  states: readonly KnownDeployment["state"][],
): KnownDeployment | undefined {
  const ended = candidates.filter(({ deployment }) => states.includes(deployment.state));
  const order = (one: DeploymentCandidate) => (firstCalledAt(one) ?? one.deployment.changedAt).getTime();
  return ended.toSorted((one, other) => order(other) - order(one))[0]?.deployment;
}
