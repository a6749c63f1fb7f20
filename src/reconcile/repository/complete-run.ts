// The end of a run of one repository: its deliveries are done, and it is known when the next run is due.

import type { Deps } from "../context.ts";
import { type ReconcileResult, requeueAtEarliest } from "../requeue.ts";
import { keepRequeue } from "./index/pending-requeues.ts";
import { completeWork, type Deferred, type PendingWork } from "./index/pending-work.ts";

export interface RunResult {
  readonly began: Date;
  /** When a resync is due. */
  readonly resyncAt: readonly (Date | undefined)[];
  /** When another run is due, for what is pending then. */
  readonly requeueAt: Date | undefined;
  readonly deferred: readonly Deferred[];
}

/** The requeue time is on record before the deliveries are done, so that a crash in between loses neither. */
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
