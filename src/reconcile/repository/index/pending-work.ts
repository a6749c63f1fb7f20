// Loads the pending work of one config repository from the database, and completes it.

import type { Delivery } from "../../../domain/model/github/event.ts";
import type { ConfigRepository, RepositoryIndex } from "../../../domain/model/github/repository.ts";
import type { Deps } from "../../context.ts";
import type { RoutedPublish } from "../../ports/store/publishes.ts";
import { LAG_MS } from "../stale-read.ts";

export interface PendingWork {
  readonly repository: ConfigRepository;
  readonly index: RepositoryIndex | undefined;
  readonly deliveries: readonly Delivery[];
  /** Publishes that were not planned for here yet, newest first. */
  readonly pending: readonly RoutedPublish[];
  /** Whether every environment and chart is read and planned, instead of only those concerned. */
  readonly resync: boolean;
}

/** The newest publishes; the rest is left to the next run, to bound the length of a run. */
const PLANNED_AT_ONCE = 500;
const DROPPED_AT_ONCE = 100;

/**
 * `undefined` for a repository that is not known, or not any more: its pending work is dropped. Reads the pending work
 * before the repository, so that nothing is dropped that arrives when the repository returns.
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

/** A search for missed comments that is not due yet: no reason to run now. */
export function isAwaiting({ event, receivedAt }: Delivery, now: Date): boolean {
  return event.kind === "comments-awaited" && now.getTime() - receivedAt.getTime() < LAG_MS;
}

/**
 * The recorded requeue time has passed: a soak or freeze has ended, a merge queue may have merged, or a run ended
 * before planning with a new index.
 */
function isDue({ requeueAt }: RepositoryIndex, now: Date): boolean {
  return requeueAt !== undefined && new Date(requeueAt) <= now;
}

function asksForResync({ event }: Delivery): boolean {
  return event.kind === "resync" || event.kind === "repository-changed";
}

/** Work that could not be completed yet. */
export interface Deferred {
  readonly requeueAt: readonly Date[];
  /** When to resync; absent: not needed. */
  readonly resyncAt?: readonly Date[];
  /** Ids of deliveries that stay pending. */
  readonly stillPending: ReadonlySet<string>;
}

export const NOTHING_WAITS = {
  requeueAt: [],
  resyncAt: [],
  stillPending: new Set<string>(),
} satisfies Deferred;

/** Marks the publishes as planned for. Returns when to run again if there were more than one run takes. */
export async function completeRoutes(
  { repository, pending }: PendingWork,
  { store, clock }: Pick<Deps, "store" | "clock">,
): Promise<Date | undefined> {
  await store.publishes.planned(pending, repository.id);
  return pending.length < PLANNED_AT_ONCE ? undefined : clock();
}

/** Marks the deliveries as done, except for the deferred ones. */
export async function completeWork(
  { deliveries }: PendingWork,
  deferred: readonly Deferred[],
  { store }: Pick<Deps, "store">,
): Promise<void> {
  const done = deliveries.filter(({ id }) => deferred.every(({ stillPending }) => !stillPending.has(id)));
  await store.deliveries.done(done.map(({ id }) => id));
}
