// Which versions a successful deployment brought: its own and those of the earlier merges that it contains.

import type { Moved } from "../model/deployment.ts";
import { inMergeOrder } from "./merge-order.ts";
import type { Containment, DeploymentCandidate, KnownDeployment } from "./next-deployment.ts";

/** Earlier deployments since the last success that did not succeed themselves: their commits have to be compared. */
export function containedMerges(
  deployment: KnownDeployment,
  candidates: readonly DeploymentCandidate[],
): readonly KnownDeployment[] {
  const oldestFirst = candidates
    .map((one) => one.deployment)
    .toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
  const others = inMergeOrder(oldestFirst).filter(({ sha }) => sha !== deployment.sha);
  const success = others.findLastIndex(({ state }) => state === "success");
  return others
    .slice(success + 1)
    .filter(({ state }) => state === "inactive" || state === "failure" || state === "error");
}

/** For each chart one move, from its version before the first of these merges to that of the last. */
export function deployedVersions(
  deployment: KnownDeployment,
  earlier: readonly KnownDeployment[],
  contains: Containment,
): readonly Moved[] {
  const contained = earlier.filter(({ sha }) => contains.get(deployment.sha)?.has(sha) === true);
  const moves = new Map<string, Moved>();
  for (const move of [...contained, deployment].flatMap(({ promotions }) => promotions))
    moves.set(move.chart, { ...move, from: moves.get(move.chart)?.from ?? move.from });
  return [...moves.values()];
}
