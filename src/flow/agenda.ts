// What one look carries along, from its agenda to the carrying out of one plan.

import type { Config, Environment } from "../model/config.ts";
import type { Delivery } from "../model/event.ts";
import type { LookAnswer } from "../model/look.ts";
import type { Publish } from "../model/publish.ts";
import type { ConfigRepository, Dependent, RepositoryIndex } from "../model/repository.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Scope } from "./scope.ts";
import type { Upstream } from "./upstream.ts";
import type { World } from "./world.ts";

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

/** A look whose answer fits the index: what to plan, and on which ground. */
export interface Promoting {
  readonly agenda: Agenda;
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly scope: Scope;
  readonly answer: LookAnswer;
  readonly dependents: readonly Dependent[];
  /** A promotion branch that people want made anew from its base, whatever is on it. */
  readonly rebase?: string;
  /** A version that people want, though it may have been declined. */
  readonly insisted?: { readonly chart: string; readonly version: string };
}

/** One environment of it. */
export interface Settling {
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  readonly about: Promoting;
  /** What the environment before says of the versions that move here; a rollback needs nobody's word. */
  readonly upstream?: Pick<Upstream, "satisfied">;
  readonly world: World;
}
