// When a repository is due for a reconcile without an event. The queue keeps only one time for a key and no reason, so
// that time is recorded in the index as well: once it has passed, the reconcile is a full resync.

import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import type { Deps } from "../../context.ts";
import { requeueAtEarliest } from "../../requeue.ts";
import { changeIndex } from "./change-index.ts";
import type { PendingWork } from "./pending-work.ts";

/** Call it before the run's deliveries are completed: an earlier recorded time stays until the run ends. */
export async function noteRequeue(
  repository: ConfigRepository,
  found: Date | undefined,
  deps: Pick<Deps, "store">,
): Promise<void> {
  const known = await recorded(repository, deps);
  await record(repository, { known, due: earlier(known, found) }, deps);
}

/**
 * Call it at the end of a run. A resync has found everything that has to wait, so its time replaces the recorded one;
 * any other run keeps the earlier of both. Times that the run recorded in case it did not finish are dropped.
 */
export async function keepRequeue(
  { repository, index, resync }: Pick<PendingWork, "repository" | "index" | "resync">,
  found: readonly (Date | undefined)[],
  deps: Pick<Deps, "store">,
): Promise<Date | undefined> {
  const { requeueAt } = requeueAtEarliest(found) ?? {};
  const due = resync ? requeueAt : earlier(dateOf(index?.requeueAt), requeueAt);
  await record(repository, { known: await recorded(repository, deps), due }, deps);
  return due;
}

async function recorded({ id }: ConfigRepository, { store }: Pick<Deps, "store">): Promise<Date | undefined> {
  return dateOf((await store.repositories.index(id))?.requeueAt);
}

async function record(
  repository: ConfigRepository,
  { known, due }: { readonly known: Date | undefined; readonly due: Date | undefined },
  deps: Pick<Deps, "store">,
): Promise<void> {
  if (known?.getTime() === due?.getTime()) return;
  await changeIndex(repository, { requeueAt: due?.toISOString() }, deps);
}

function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  return requeueAtEarliest([one, other])?.requeueAt;
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
