// The order in which merges put commits on an environment's branch, whenever one of them was deployed again.

import type { Deployment } from "../model/deployment.ts";

/**
 * Given and answered oldest first. A repeat stands beside the deployment that it repeats: it brings what that one brought, and
 * nothing after it. By its own instant it would come after a merge that was made before it and heard of later.
 */
export function inMergeOrder<Given extends Deployment>(deployments: readonly Given[]): readonly Given[] {
  return [...Map.groupBy(deployments, ({ sha }) => sha).values()].flat();
}
