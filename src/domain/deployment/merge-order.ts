// The order in which merges reached an environment's branch, regardless of repeated deployments.

import type { Deployment } from "../model/deployment.ts";

/**
 * Input and output oldest first. A repeat is placed beside the deployment that it repeats, as it brings the same
 * commit. Ordered by its own time it would come after a merge whose webhook was late.
 */
export function inMergeOrder<Given extends Deployment>(deployments: readonly Given[]): readonly Given[] {
  return [...Map.groupBy(deployments, ({ sha }) => sha).values()].flat();
}
