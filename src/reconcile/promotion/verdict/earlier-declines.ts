// What people declined before the environment's promotions came from other branches, as when `pullRequests` was switched.

import type { Snapshot } from "../../../domain/model/github/snapshot.ts";
import type { PromotionRecord } from "../../../domain/model/publish.ts";
import type { EarlierDecline } from "../../../domain/plan/history.ts";
import type { Deps } from "../../context.ts";

/** `records`: of the environment and of charts whose branches were read. Whatever the branches that were read show says more than a record of it. */
export async function earlierDeclines(
  records: readonly PromotionRecord[],
  { branches }: Snapshot,
  { store }: Pick<Deps, "store">,
): Promise<readonly EarlierDecline[]> {
  const read = new Set(
    [...branches.values()].flatMap(({ pullRequests }) => pullRequests.map(({ number }) => number)),
  );
  const found: EarlierDecline[] = [];
  for (const { state, pullRequest, publishId, chart, because } of records) {
    if (state !== "declined" || !pullRequest || read.has(pullRequest.number)) continue;
    const publish = await store.publishes.get(publishId);
    if (publish) found.push({ chart, version: publish.version, because, pullRequest });
  }
  return found;
}
