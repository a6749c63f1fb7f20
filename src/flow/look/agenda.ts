// What one look carries along, from its agenda to the carrying out of one plan.

import type { Delivery } from "../../model/event.ts";
import type { Publish } from "../../model/publish.ts";
import type { ConfigRepository, RepositoryIndex } from "../../model/repository.ts";
import type { World } from "../world.ts";

/** What there is to consider at one repository, from the database alone. */
export interface Agenda {
  readonly repository: ConfigRepository;
  readonly index: RepositoryIndex | undefined;
  readonly deliveries: readonly Delivery[];
  /** Publishes that have not been looked at here. */
  readonly pending: readonly Publish[];
}

/**
 * `undefined` when the repository is not known (any more): then nothing stays on its agenda. What is on it is read first,
 * so that nothing goes which was put down when the repository had come back.
 */
export async function agendaOf(id: number, { store }: Pick<World, "store">): Promise<Agenda | undefined> {
  const routes = await store.publishes.routesOf(id);
  const deliveries = await store.deliveries.undone(id);
  const repository = await store.repositories.get(id);
  if (!repository) {
    await store.publishes.routed(routes, id);
    await store.deliveries.done(deliveries.map((delivery) => delivery.id));
    return undefined;
  }
  const publishes = await Promise.all(routes.map((publishId) => store.publishes.get(publishId)));
  return {
    repository,
    index: await store.repositories.index(id),
    deliveries,
    pending: publishes.filter((publish) => publish !== undefined).filter(({ state }) => state === "verified"),
  };
}

/** What has to be looked at once more. */
export interface Waiting {
  readonly again: readonly Date[];
  /** Ids of deliveries that have to stay on the agenda. */
  readonly waiting: ReadonlySet<string>;
}
