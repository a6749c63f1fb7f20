// Decides the recipients of each history event, once.

import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { HistoryEvent } from "../../domain/model/history.ts";
import { recipientsOf } from "../../domain/notification/recipients.ts";
import type { Deps } from "../context.ts";
import { enqueue } from "../keys.ts";
import type { ReconcileResult } from "../requeue.ts";

const AT_ONCE = 200;
/** Pause between two full batches, so that other work runs in between. */
const PAUSE_MS = 100;
/** Older events are not sent: they come from before an upgrade, or were found again after the loss of the database. */
const NEWS_FOR_MS = 24 * 60 * 60_000;

export async function handOnEvents(deps: Deps): Promise<ReconcileResult> {
  const { store, clock } = deps;
  const events = await store.history.undecided(AT_ONCE);
  const names = await namesOf(events, deps);
  const oldest = clock().getTime() - NEWS_FOR_MS;
  const decided = events.map((event) => ({
    id: event.id,
    recipients: event.at.getTime() < oldest ? [] : recipientsFor(event, names, deps),
  }));
  await store.history.handOn(decided);
  for (const name of new Set(decided.flatMap(({ recipients }) => recipients)))
    await enqueue(store.queue, { kind: "notices", recipient: name });
  return events.length === AT_ONCE ? { requeueAt: new Date(clock().getTime() + PAUSE_MS) } : undefined;
}

function recipientsFor(
  event: HistoryEvent,
  names: ReadonlyMap<number, string>,
  { settings: { recipients = [] } }: Pick<Deps, "settings">,
): readonly string[] {
  const repository = event.repositoryId === undefined ? undefined : names.get(event.repositoryId);
  return recipientsOf(event, repository, recipients);
}

async function namesOf(
  events: readonly HistoryEvent[],
  { store }: Deps,
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for (const id of new Set(events.flatMap(({ repositoryId }) => repositoryId ?? []))) {
    const repository = await store.repositories.get(id);
    if (repository) names.set(id, nameWithOwner(repository));
  }
  return names;
}
