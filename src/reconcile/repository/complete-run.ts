// Ends the run of one repository: marks its deliveries as done and records when the next run is due.

import type { Deps } from "../context.ts";
import { type ReconcileResult, requeueAtEarliest } from "../requeue.ts";
import { keepRequeue } from "./index/pending-requeues.ts";
import { completeWork, type Deferred, type PendingWork } from "./index/pending-work.ts";

export interface RunResult {
  readonly began: Date;
  /** When to resync. */
  readonly resyncAt: readonly (Date | undefined)[];
  /** When to run again for pending work. */
  readonly requeueAt: Date | undefined;
  readonly deferred: readonly Deferred[];
}

/** Records the requeue time before it completes the deliveries, so that a crash in between loses neither. */
export async function completeRun(
  work: PendingWork,
  { began, resyncAt, requeueAt, deferred }: RunResult,
  deps: Deps,
): Promise<ReconcileResult> {
  const resyncs = [...resyncAt, ...deferred.flatMap((one) => one.resyncAt ?? [])];
  const resync = await keepRequeue(work, resyncs, deps);
  await completeWork(work, deferred, deps);
  if (work.resync) await deps.store.glances.resynced(work.repository.id, began);
  return requeueAtEarliest([resync, requeueAt, ...deferred.flatMap((one) => one.requeueAt)]);
}
