// What became of publishes once their pull request was merged: the records that GET /publishes/ID shows.

import type { Deployment } from "../model/deployment.ts";
import type { PromotionRecord, PromotionState } from "../model/publish.ts";
import type { World } from "./world.ts";

/** Every publish whose version the merge brought is `merged`, with the pull request that brought it. */
export async function recordMerged(deployment: Deployment, world: World): Promise<void> {
  await recordOutcome(
    deployment,
    { state: "merged", because: `#${deployment.pullRequest} was merged as ${deployment.sha.slice(0, 7)}` },
    world,
  );
}

const ORDER: readonly PromotionState[] = ["merged", "deploying", "failed", "deployed"];

/** A later state never goes back to an earlier one, so that events told twice or late change nothing. */
export async function recordOutcome(
  { repositoryId, environment, promotions }: Pick<Deployment, "repositoryId" | "environment" | "promotions">,
  outcome: Pick<PromotionRecord, "state" | "because">,
  { store }: World,
): Promise<void> {
  const records = await store.promotions.ofRepository(repositoryId);
  const changed: PromotionRecord[] = [];
  for (const record of records) {
    if (record.environment !== environment) continue;
    const publish = await store.publishes.get(record.publishId);
    const brought = promotions.some(({ chart, to }) => chart === publish?.chart && to === publish.version);
    if (brought && ORDER.indexOf(record.state) < ORDER.indexOf(outcome.state))
      changed.push({ ...record, ...outcome });
  }
  if (changed.length > 0) await store.promotions.record(changed);
}
