// Audits what reached the environments' branches: announced merges, merges without a webhook, and pushes.

import type { LeftBranch } from "../../domain/merge/left-branches.ts";
import type { RepositoryCounts } from "../../domain/model/github/observed-state.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { Deps, RepositoryContext } from "../context.ts";
import { recordPullRequest } from "../promotion/apply/promotion-records.ts";
import { type Deferred, NOTHING_WAITS, type PendingWork } from "../repository/index/pending-work.ts";
import { unlessDenied } from "../repository/permissions.ts";
import { unlessGap } from "../repository/unless-gap.ts";
import { auditPushes } from "./audit-pushes.ts";
import { backfillMerges } from "./backfill-merges.ts";
import { deployFolderless } from "./deploy-folderless.ts";
import { applyEmergencyLabels, enqueueHeld, enqueueUndeployed } from "./deploy-held.ts";
import { announcedMerges, deployMerge, type MergeOutcome } from "./deploy-merge.ts";
import { deployRenamed } from "./deploy-renamed.ts";
import { deployedSince } from "./direct-pushes.ts";
import { keepMissedPushes } from "./missed-pushes.ts";

/**
 * Deploys the merges of the pending deliveries, before anything else is read; only a merge that changes the config
 * waits until the new config is read. Does nothing without a valid config. `configOid`: set when the config may be
 * outdated.
 */
export async function deployAnnouncedMerges(
  { repository, deliveries }: PendingWork,
  { config, configOid }: Pick<RepositoryIndex, "config" | "configOid">,
  deps: Deps,
): Promise<readonly MergeOutcome[]> {
  const outcomes: MergeOutcome[] = [];
  for (const merge of config ? announcedMerges(deliveries) : []) {
    if (config) outcomes.push(await deployMerge(merge, { repository, config, configOid, deps }));
  }
  return outcomes;
}

export interface AuditInput {
  /** Outcomes of the announced merges, deployed by the config as it was before. */
  readonly merges: readonly MergeOutcome[];
  /** Head commits of the branches, as far as they were read. */
  readonly heads: ReadonlyMap<string, string>;
  /** Deleted branches that promotions were merged into, as far as they were read. */
  readonly left: readonly LeftBranch[];
  readonly counts?: RepositoryCounts | undefined;
}

/** Uses the current config. A resync is due where a backfilled merge has to be retried, or a direct push was found. */
export async function auditBranches(
  work: PendingWork,
  { merges, heads, left, counts }: AuditInput,
  deps: Deps,
): Promise<Deferred> {
  const { repository, index } = (await deps.store.repositories.withIndex(work.repository.id)) ?? {};
  const config = index?.config;
  if (!repository || repository.archived) return NOTHING_WAITS;
  if (!config) {
    await reportUndeployed(work, index, deps);
    return NOTHING_WAITS;
  }
  const isNew = JSON.stringify(config) !== JSON.stringify(work.index?.config);
  const isRead = isNew || merges.some(({ awaitsConfig }) => awaitsConfig);
  const merged = isRead ? await deployAnnouncedMerges(work, { config }, deps) : merges;
  const context = { repository, config, deps };
  const catchesUp = work.resync || index.backfillDue === true;
  const missed = catchesUp ? await missedMerges(index, { ...context, heads, left, counts }) : [];
  const isBehind = missed.some(({ requeueAt }) => requeueAt);
  const returned = isNew || catchesUp ? await returnedMerges({ ...index, isBehind }, context) : [];
  const outcomes = [...merged, ...missed, ...returned];
  await deployedSince(outcomes, context);
  await enqueueHeld(context);
  const isForced = work.deliveries.some(({ event }) => event.kind === "branch-pushed" && event.forced);
  // The commit of a pending deployment may no longer be on the branch.
  if (isNew || isForced || catchesUp) await enqueueUndeployed(context);
  const { pushedUntil } = index;
  await keepMissedPushes(work.deliveries, { heads: catchesUp ? heads : new Map(), pushedUntil }, context);
  const labels = await applyEmergencyLabels(work.deliveries, context);
  const pushes = await auditPushes(work.deliveries, outcomes, context);
  const mergesWait = merged.some(({ requeueAt }) => requeueAt);
  const waiting = work.deliveries.filter(
    (delivery) =>
      pushes.waiting.has(delivery.id) ||
      labels.waiting.has(delivery.id) ||
      (mergesWait && delivery.event.kind === "pull-request-merged"),
  );
  return {
    requeueAt: [
      ...merged.flatMap(({ requeueAt }) => requeueAt ?? []),
      ...labels.requeueAt,
      ...pushes.requeueAt,
    ],
    resyncAt: [...[...missed, ...returned].flatMap(({ requeueAt }) => requeueAt ?? []), ...pushes.resyncAt],
    stillPending: new Set(waiting.map((delivery) => delivery.id)),
  };
}

async function missedMerges(
  index: RepositoryIndex,
  context: RepositoryContext & Pick<AuditInput, "heads" | "left" | "counts">,
): Promise<readonly MergeOutcome[]> {
  const found = await unlessDenied(
    "deployments",
    () => unlessGap("merges", () => backfillMerges(index, context), context),
    context,
  );
  return "kind" in found ? [{ requeueAt: found.requeueAt, deployed: [] }] : found;
}

/**
 * Those that waited for a folder or for a name that the config gives now. `isBehind`: the backfill may still deploy under
 * their new name those that wait under the former one.
 */
async function returnedMerges(
  { isBehind, ...index }: RepositoryIndex & { readonly isBehind: boolean },
  context: RepositoryContext,
): Promise<readonly MergeOutcome[]> {
  const moved = await unlessGap("merges", () => deployFolderless(index, context), context);
  const renamed = isBehind ? [] : await deployRenamed(index, context);
  return [...("kind" in moved ? [{ requeueAt: moved.requeueAt, deployed: [] }] : moved), ...renamed];
}

/**
 * Records why merges are not deployed while there is no valid config. The first resync with a config backfills them.
 */
async function reportUndeployed(
  { repository, deliveries }: PendingWork,
  index: RepositoryIndex | undefined,
  deps: Deps,
): Promise<void> {
  const state = index?.configOid === undefined ? "there is none" : "it cannot be read";
  for (const { number } of announcedMerges(deliveries)) {
    const because = `#${number} was merged; nothing is deployed by .github/chart-promoter.yml while ${state}`;
    await recordPullRequest({ repositoryId: repository.id, number }, { state: "merged", because }, deps);
  }
}
