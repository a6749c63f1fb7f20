// What people declined as far as only the records tell: from other branches, as before `pullRequests` was switched, and where no
// commit has the App's seal, as before there was one or the App had another private key.

import { takenBack } from "../../../domain/deployment/taken-back.ts";
import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import type { Snapshot } from "../../../domain/model/github/snapshot.ts";
import type { PromotionRecord } from "../../../domain/model/publish.ts";
import {
  declinedByClosing,
  type EarlierDecline,
  isDeclined,
  promotedVersions,
  rolledBackBy,
} from "../../../domain/plan/history.ts";
import type { Deps } from "../../context.ts";

/** `records`: of the environment and of charts whose branches were read. Whatever the branches that were read show says more than a record of it. */
export async function earlierDeclines(
  records: readonly PromotionRecord[],
  { branches }: Snapshot,
  { store }: Pick<Deps, "store">,
): Promise<readonly EarlierDecline[]> {
  const seen = new Map(
    [...branches.values()].flatMap(({ pullRequests }) => pullRequests.map((one) => [one.number, one])),
  );
  const found: EarlierDecline[] = [];
  for (const { state, pullRequest, publishId, chart, because } of records) {
    const shown = pullRequest && seen.get(pullRequest.number);
    if (!pullRequest || (shown && promotedVersions(shown).length > 0)) continue;
    const isClosed = state === "proposed" && shown !== undefined && isDeclined(shown);
    if (state !== "declined" && !isClosed) continue;
    const publish = await store.publishes.get(publishId);
    if (!publish) continue;
    const { version } = publish;
    found.push({
      ...{ chart, version, pullRequest },
      because: isClosed ? declinedByClosing(version, pullRequest) : because,
    });
  }
  return found;
}

/** How far back a chart's newest move is looked for. */
const DEPLOYMENTS = 100;

/** What a merged pull request took back, also one of people's own: only the App's say so in their commits. */
export async function takenBackIn(
  { environment, charts }: { readonly environment: string; readonly charts: ReadonlySet<string> },
  { id }: Pick<ConfigRepository, "id">,
  { store }: Pick<Deps, "store">,
): Promise<readonly EarlierDecline[]> {
  const past = await store.deployments.ofEnvironment(id, environment, DEPLOYMENTS);
  return [...charts].flatMap((chart) =>
    takenBack(past, chart).map(({ version, pullRequest: number }) => ({
      ...{ chart, version },
      because: rolledBackBy(version, { number }),
    })),
  );
}
