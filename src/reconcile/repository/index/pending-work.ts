// What is pending at one config repository, from the database alone, and its completion.

import type { Delivery } from "../../../domain/model/github/event.ts";
import type { ConfigRepository, RepositoryIndex } from "../../../domain/model/github/repository.ts";
import type { Deps } from "../../context.ts";
import type { RoutedPublish } from "../../ports/store/publishes.ts";
import { LAG_MS } from "../stale-read.ts";

export interface PendingWork {
  readonly repository: ConfigRepository;
  readonly index: RepositoryIndex | undefined;
  readonly deliveries: readonly Delivery[];
  /** Publishes that have not been planned for here, the newest first. */
  readonly pending: readonly RoutedPublish[];
  /** Every environment and chart is to be read and planned, not only those that the rest concerns. */
  readonly resync: boolean;
}

/** The newest: what was announced before them is planned for in the next run, so that no run takes long. */
const PLANNED_AT_ONCE = 500;
const DROPPED_AT_ONCE = 100;

/**
 * `undefined` when the repository is not known (any more): then nothing stays pending. What is pending is read first, so
 * that nothing is dropped that arrived when the repository had come back.
 */
export async function loadPendingWork(
  id: number,
  { store, clock }: Pick<Deps, "store" | "clock">,
): Promise<PendingWork | undefined> {
  const routes = await store.publishes.routesOf(id, DROPPED_AT_ONCE);
  const deliveries = await store.deliveries.undone(id);
  const known = await store.repositories.withIndex(id);
  if (!known) {
    await store.publishes.routed(routes, id);
    await store.deliveries.done(deliveries.map((delivery) => delivery.id));
    return routes.length < DROPPED_AT_ONCE ? undefined : loadPendingWork(id, { store, clock });
  }
  const pending = routes.length === 0 ? [] : await store.publishes.pendingFor(id, PLANNED_AT_ONCE);
  const { repository, index } = known;
  const resync = !index || isDue(index, clock()) || deliveries.some(asksForResync);
  return { repository, index, deliveries, pending, resync };
}

/** Comments are to be looked for later: that is no reason to run now. */
export function isAwaiting({ event, receivedAt }: Delivery, now: Date): boolean {
  return event.kind === "comments-awaited" && now.getTime() - receivedAt.getTime() < LAG_MS;
}

/** A soak or freeze that ended, a merge queue, an index that was not planned by: what waits is not on record, but when it is due is. */
function isDue({ requeueAt }: RepositoryIndex, now: Date): boolean {
  return requeueAt !== undefined && new Date(requeueAt) <= now;
}

function asksForResync({ event }: Delivery): boolean {
  return event.kind === "resync" || event.kind === "repository-changed";
}

/** What could not be dealt with yet. */
export interface Deferred {
  readonly requeueAt: readonly Date[];
  /** Ids of deliveries that stay pending. */
  readonly stillPending: ReadonlySet<string>;
}

/** The publishes were planned for. Answers when those are to be that were too many for this run. */
export async function completeRoutes(
  { repository, pending }: PendingWork,
  { store, clock }: Pick<Deps, "store" | "clock">,
): Promise<Date | undefined> {
  await store.publishes.planned(pending, repository.id);
  return pending.length < PLANNED_AT_ONCE ? undefined : clock();
}

/** The deliveries were dealt with, but for those that are deferred. */
export async function completeWork(
  { deliveries }: PendingWork,
  deferred: readonly Deferred[],
  { store }: Pick<Deps, "store">,
): Promise<void> {
  const done = deliveries.filter(({ id }) => deferred.every(({ stillPending }) => !stillPending.has(id)));
  await store.deliveries.done(done.map(({ id }) => id));
}
