// Updates the config issue with the obstacles to promotions. No request while they are unchanged.

import type { Config } from "../../domain/model/config/config.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Obstacle } from "../../domain/model/obstacle.ts";
import type { Deps } from "../context.ts";
import { describeObstacles } from "./config-issue.ts";
import { changeIndex } from "./index/change-index.ts";
import { writeConfigIssue } from "./write-config-issue.ts";

/** Obstacles found in one environment. */
export interface FoundObstacles {
  readonly environment: string;
  /** The charts that were planned; absent: all. */
  readonly charts?: ReadonlySet<string>;
  readonly obstacles: readonly Obstacle[];
}

/** How many obstacles are recorded. */
const MOST = 100;

export async function reportObstacles(
  found: readonly FoundObstacles[],
  {
    repository,
    config,
    counts,
  }: { readonly repository: ConfigRepository; readonly config: Config } & Pick<ObservedState, "counts">,
  deps: Deps,
): Promise<void> {
  const index = await deps.store.repositories.index(repository.id);
  if (!index?.config) return;
  const now = renewed(index.obstacles ?? [], found, config).slice(0, MOST);
  const isSame = JSON.stringify(index.obstacles) === JSON.stringify(now);
  if (isSame && !index.issueDue) return;
  const { lacking = [] } = index;
  const isNothing = now.length + lacking.length === 0 && counts?.openIssues === 0;
  const isReported = isNothing || (await writeConfigIssue(describeObstacles(now, lacking), repository, deps));
  if (isReported) await changeIndex(repository, { obstacles: now, issueDue: undefined }, deps);
}

/** Keeps the known obstacles of charts that were not planned; in the order of the config file. */
function renewed(
  known: readonly Obstacle[],
  found: readonly FoundObstacles[],
  { environments }: Config,
): readonly Obstacle[] {
  return environments.flatMap(({ name }) => {
    const before = known.filter(({ environment }) => environment === name);
    const read = found.find(({ environment }) => environment === name);
    if (!read) return before;
    const { charts, obstacles } = read;
    const isKept = ({ of, chart }: Obstacle) =>
      of === "promotion" && charts !== undefined && chart !== undefined && !charts.has(chart);
    return [...before.filter(isKept), ...obstacles];
  });
}
