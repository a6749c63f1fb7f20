// When repositories are to be reconciled again without an event. The queue keeps one time for a key, and reconciling what
// an event concerns knows nothing of a requeue that is pending: it would be forgotten with that time.

import type { ConfigRepository } from "../domain/model/github/repository.ts";
import type { Deps } from "./context.ts";
import { changeIndex } from "./repository/change-index.ts";

export interface FoundRequeue {
  readonly requeueAt: Date | undefined;
  /** It has found all there is to wait for (`PendingWork.resync`). */
  readonly isResync: boolean;
}

/** The earlier of what was found and what is pending already; kept with the index, whichever replica has its turn next. */
export async function keepRequeue(
  repository: ConfigRepository,
  { requeueAt: found, isResync }: FoundRequeue,
  deps: Pick<Deps, "store">,
): Promise<Date | undefined> {
  const { requeueAt: known } = (await deps.store.repositories.index(repository.id)) ?? {};
  const pending = isResync || known === undefined ? undefined : new Date(known);
  const due = pending === undefined || (found && found < pending) ? found : pending;
  const kept = due?.toISOString();
  if (kept !== known) await changeIndex(repository, { requeueAt: kept }, deps);
  return due;
}
