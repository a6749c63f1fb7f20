// The reconciler of one config repository, in the order of the README's flow.

import { answerPeople } from "./answer-people.ts";
import { enqueueCheckRuns } from "./check-run/enqueue-check-runs.ts";
import type { Deps } from "./context.ts";
import { convergePromotions } from "./converge-promotions.ts";
import { auditBranches, deployAnnouncedMerges } from "./merge/audit-branches.ts";
import { offerConfig } from "./onboarding/offer-config.ts";
import { completeRun } from "./repository/complete-run.ts";
import { completeRoutes, loadPendingWork } from "./repository/index/pending-work.ts";
import { reportPermissions } from "./repository/permissions.ts";
import { resyncExtending } from "./repository/resync-extending.ts";
import type { ReconcileResult } from "./requeue.ts";

/** `id`: GitHub's numeric id of the repository. A run that ends early or fails is repeated for the same pending work. */
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
  const routesAt = await completeRoutes(work, deps);
  const people = await answerPeople(work, promotions, deps);
  await enqueueCheckRuns(work, promotions, deps);
  await reportPermissions(work.repository, deps);
  const resyncAt = [promotions.requeueAt, offerAt];
  return completeRun(work, { began, resyncAt, requeueAt: routesAt, deferred: [branches, ...people] }, deps);
}
