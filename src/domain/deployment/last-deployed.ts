// What was deployed to an environment last: the only commit that may be deployed there again.

import { type DeploymentCandidate, firstToldAt, type KnownDeployment } from "./next-deployment.ts";

/** The deployment that its deployers were told of last and that has ended, well or not. */
export function lastDeployed(candidates: readonly DeploymentCandidate[]): KnownDeployment | undefined {
  return lastIn(candidates, ["success", "failure", "error"]);
}

/** The last of those that succeeded. */
export function lastSucceeded(candidates: readonly DeploymentCandidate[]): KnownDeployment | undefined {
  return lastIn(candidates, ["success"]);
}

/** One at a time is told of, so that of those that were taken up after the loss of the database the end gives the order. */
function lastIn(
  candidates: readonly DeploymentCandidate[],
  states: readonly KnownDeployment["state"][],
): KnownDeployment | undefined {
  const ended = candidates.filter(({ deployment }) => states.includes(deployment.state));
  const order = (one: DeploymentCandidate) => (firstToldAt(one) ?? one.deployment.changedAt).getTime();
  return ended.toSorted((one, other) => order(other) - order(one))[0]?.deployment;
}
