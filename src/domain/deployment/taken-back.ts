// Which versions of a chart were taken back by the newest merge that changed it, by the App or by people.

import type { Deployment } from "../model/deployment.ts";
import { inMergeOrder } from "./merge-order.ts";
import { isLower, wasReplaced } from "./version-status.ts";

export interface TakenBack {
  readonly version: string;
  /** Number of the merged pull request. */
  readonly pullRequest: number;
}

/** `past`: an environment's deployments, newest first. A later merge of a higher version supersedes the rollback. */
export function takenBack(past: readonly Deployment[], chart: string): readonly TakenBack[] {
  const merges = inMergeOrder(past.toReversed()).filter((deployment) => !wasReplaced(deployment));
  const newest = merges.findLast(({ promotions }) => promotions.some((move) => move.chart === chart));
  if (!newest) return [];
  const back = newest.promotions.filter((move) => move.chart === chart && isLower(move.to, move.from));
  return back.map(({ from }) => ({ version: from, pullRequest: newest.pullRequest }));
}
