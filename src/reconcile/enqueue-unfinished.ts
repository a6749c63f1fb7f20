// What start-up enqueues: everything the database knows to be unfinished, whatever the queue remembers.

import type { Deps } from "./context.ts";
import { enqueue } from "./keys.ts";

/** A key lost between two writes is enqueued here; enqueuing twice is harmless. */
export async function enqueueUnfinished({
  store,
  settings,
}: Pick<Deps, "store" | "settings">): Promise<void> {
  const { publishes, deliveries, deployments, drift, history, queue } = store;
  for (const { id } of await publishes.list({ state: "accepted", limit: 100_000 }))
    await enqueue(queue, { kind: "publish", id }, "upkeep");
  const routes = await publishes.allPendingRoutes();
  const repositories = new Set([
    ...routes.map(({ repositoryId }) => repositoryId),
    ...(await deliveries.waiting()),
  ]);
  for (const id of repositories) await enqueue(queue, { kind: "repository", id });
  for (const { repositoryId, environment } of await deployments.unfinished()) {
    await enqueue(queue, { kind: "deployment", repositoryId, environment });
    await enqueue(queue, { kind: "drift", repositoryId, environment });
  }
  for (const key of [...(await drift.watches()), ...(await drift.waiting())])
    await enqueue(queue, { kind: "drift", repositoryId: key.repositoryId, environment: key.environment });
  for (const { name, pollMs } of settings.chartRepositories)
    if (pollMs !== undefined) await enqueue(queue, { kind: "poll", repository: name });
  for (const recipient of await history.recipients()) await enqueue(queue, { kind: "notices", recipient });
  await enqueue(queue, { kind: "events" });
  await enqueue(queue, { kind: "prune" });
  await enqueue(queue, { kind: "resync" });
}
