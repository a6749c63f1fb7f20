// Declines that only the records show: on other branches (from before `pullRequests` was changed), or of commits
// without the App's seal (from before seals existed, or with another private key).

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

/**
 * `records`: of the environment, for charts whose branches were read. A branch that was read takes precedence over a
 * record.
 */
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

/** How many deployments are searched for a chart's newest version change. */
const DEPLOYMENTS = 100;

/**
 * Versions that a merged pull request took back, including pull requests by people: only the App's state it in their
 * commits.
 */
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
