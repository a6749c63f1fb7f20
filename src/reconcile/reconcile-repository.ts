// The reconciler of one config repository, in the order of the README's flow.

import { enqueueCheckRuns } from "./check-run/reconcile-check-run.ts";
import type { Deps } from "./context.ts";
import { convergePromotions } from "./converge-promotions.ts";
import { runTicks } from "./dashboard-issue/run-ticks.ts";
import { auditBranches, deployAnnouncedMerges } from "./merge/audit-branches.ts";
import { offerConfig } from "./onboarding/offer-config.ts";
import { keepRequeue } from "./repository/index/pending-requeues.ts";
import { completeRoutes, completeWork, loadPendingWork } from "./repository/index/pending-work.ts";
import { reportPermissions } from "./repository/permissions.ts";
import { resyncExtending } from "./repository/resync-extending.ts";
import { type ReconcileResult, requeueAtEarliest } from "./requeue.ts";
import { findComments } from "./slash-command/find-missed-comments.ts";
import { restoreLabels } from "./slash-command/restore-labels.ts";
import { runSlashCommands } from "./slash-command/run-commands.ts";

/** `id`: GitHub's numeric id of the repository. */
export async function reconcileRepository(id: number, deps: Deps): Promise<ReconcileResult> {
  const began = deps.clock();
  const pending = await loadPendingWork(id, deps);
  if (!pending) return undefined;
  const merges = await deployAnnouncedMerges(pending, pending.index ?? {}, deps);
  const work = merges.some(({ awaitsConfig }) => awaitsConfig) ? { ...pending, resync: true } : pending;
  await resyncExtending(work, deps);
  const promotions = await convergePromotions(work, deps);
  if (promotions.kind === "stale") return { requeueAt: promotions.requeueAt };
  const branches = await auditBranches(work, { ...promotions, merges }, deps);
  const offerAt = await offerConfig(work, promotions.heads, deps);
  const others = await completeRoutes(work, deps);
  const comments = await findComments(work, promotions, deps);
  await restoreLabels(work, promotions, deps);
  const commands = await runSlashCommands(work, deps);
  const ticked = await runTicks(work, deps);
  await enqueueCheckRuns(work, promotions, deps);
  await reportPermissions(work.repository, deps);
  // A run that ends before this point is repeated for the same reasons.
  const requeue = await keepRequeue(
    work,
    [promotions.requeueAt, offerAt, ...branches.resyncAt, ...commands.resyncAt, ...ticked],
    deps,
  );
  await completeWork(work, [branches, comments, commands], deps);
  if (work.resync) await deps.store.glances.resynced(id, began);
  return requeueAtEarliest([
    requeue,
    others,
    ...branches.requeueAt,
    ...comments.requeueAt,
    ...commands.requeueAt,
  ]);
}
