// What became of publishes once their pull request was merged: the records that GET /publishes/ID shows.

import type { Deployment, Moved } from "../model/deployment.ts";
import type { PromotionRecord, PromotionState } from "../model/publish.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import type { World } from "./world.ts";

type Outcome = Pick<PromotionRecord, "state" | "because">;

/** Every publish whose version the merge brought is `merged`, with the pull request that brought it. */
export async function recordMerged(deployment: Deployment, world: World): Promise<void> {
  if (deployment.state === "inactive") return;
  await recordOutcome(
    deployment,
    { state: "merged", because: `#${deployment.pullRequest} was merged as ${deployment.sha.slice(0, 7)}` },
    world,
  );
}

/**
 * Notes what the deployment of these versions came to. Once it is `deployed`, older versions that were merged and wait to
 * be deployed wait in vain.
 */
export async function recordOutcome(
  { repositoryId, environment, promotions }: Pick<Deployment, "repositoryId" | "environment" | "promotions">,
  outcome: Outcome,
  { store }: World,
): Promise<void> {
  const records = await store.promotions.ofRepository(repositoryId);
  const changed: PromotionRecord[] = [];
  for (const record of records) {
    const moves = promotions.filter(({ chart }) => chart === record.chart);
    if (record.environment !== environment || moves.length === 0) continue;
    const publish = await store.publishes.get(record.publishId);
    const next = publish && nextFor({ ...record, version: publish.version }, moves, outcome);
    if (next) changed.push({ ...record, ...next });
  }
  if (changed.length > 0) await store.promotions.record(changed);
}

const RANK: Partial<Record<PromotionState, number>> = { merged: 1, deploying: 2, failed: 3, deployed: 3 };

/** Never back to an earlier state, so that events told twice or late change nothing; how it ended may be corrected. */
function follows(next: PromotionState, state: PromotionState): boolean {
  const [to, from] = [RANK[next] ?? 0, RANK[state] ?? 0];
  return to > from || (to === 3 && from === 3 && next !== state);
}

function nextFor(
  { state, version }: Pick<PromotionRecord, "state"> & { readonly version: string },
  moves: readonly Moved[],
  outcome: Outcome,
): Outcome | undefined {
  if (moves.some(({ to }) => to === version)) return follows(outcome.state, state) ? outcome : undefined;
  const waits = state === "merged" || state === "deploying";
  if (!waits || outcome.state !== "deployed") return undefined;
  const newer = moves.find(({ to }) => isOlder(version, to));
  return newer && { state: "superseded", because: `${newer.to} was deployed in its place` };
}

function isOlder(one: string, other: string): boolean {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  return a !== undefined && b !== undefined && compareVersions(a, b) < 0;
}
