// What people declined as far as only the records tell: from other branches, as before `pullRequests` was switched, and where no
// commit has the App's seal, as before there was one or the App had another private key.

import type { Snapshot } from "../../../domain/model/github/snapshot.ts";
import type { PromotionRecord } from "../../../domain/model/publish.ts";
import { type EarlierDecline, promotedVersions } from "../../../domain/plan/history.ts";
import type { Deps } from "../../context.ts";

/** `records`: of the environment and of charts whose branches were read. Whatever the branches that were read show says more than a record of it. */
export async function earlierDeclines(
  records: readonly PromotionRecord[],
  { branches }: Snapshot,
  { store }: Pick<Deps, "store">,
): Promise<readonly EarlierDecline[]> {
  const read = new Set(
    [...branches.values()].flatMap(({ pullRequests }) =>
      pullRequests.filter((one) => promotedVersions(one).length > 0).map(({ number }) => number),
    ),
  );
  const found: EarlierDecline[] = [];
  for (const { state, pullRequest, publishId, chart, because } of records) {
    if (state !== "declined" || !pullRequest || read.has(pullRequest.number)) continue;
    const publish = await store.publishes.get(publishId);
    if (publish) found.push({ chart, version: publish.version, because, pullRequest });
  }
  return found;
}
