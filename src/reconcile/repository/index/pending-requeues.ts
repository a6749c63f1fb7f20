// When repositories are to be reconciled again without an event. The queue keeps one time for a key, and the next run of that key
// does not know why: what nothing else on record is a reason for is a resync at an instant that stands in the repository's index.

import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import type { Deps } from "../../context.ts";
import { requeueAtEarliest } from "../../requeue.ts";
import { changeIndex } from "./change-index.ts";
import type { PendingWork } from "./pending-work.ts";

/** On record before the reasons of the run are dealt with: what was there already stays due until the run is over. */
export async function noteRequeue(
  repository: ConfigRepository,
  found: Date | undefined,
  deps: Pick<Deps, "store">,
): Promise<void> {
  const known = await recorded(repository, deps);
  await record(repository, { known, due: earlier(known, found) }, deps);
}

/**
 * At the end of a run: a resync has found all there is to wait for, and any other run leaves what was pending before it. What the run
 * put down in case that it would not come to its end is taken back.
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
