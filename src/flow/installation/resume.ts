// What start-up marks again: everything the database knows to be unfinished, whatever the queue remembers.

import type { World } from "../world.ts";

/** A mark lost between two writes is made up for here; marking twice is harmless. */
export async function resume({ store, settings }: Pick<World, "store" | "settings">): Promise<void> {
  const { publishes, deliveries, deployments, queue } = store;
  for (const { id } of await publishes.list({ state: "accepted", limit: 100_000 }))
    await queue.mark(`publish:${id}`);
  const routes = await publishes.allPendingRoutes();
  const repositories = new Set([
    ...routes.map(({ repositoryId }) => repositoryId),
    ...(await deliveries.waiting()),
  ]);
  for (const id of repositories) await queue.mark(`repository:${id}`);
  for (const { repositoryId, environment } of await deployments.unfinished()) {
    await queue.mark(`deploy:${repositoryId}/${environment}`, { priority: 2 });
  }
  for (const { name, pollMs } of settings.chartRepositories)
    if (pollMs !== undefined) await queue.mark(`poll:${name}`);
  await queue.mark("sync:all");
}
