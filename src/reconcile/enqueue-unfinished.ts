// Enqueues at start-up everything that the database knows to be unfinished, whether or not the queue still has its key.

import type { Deps } from "./context.ts";
import { chartWork, enqueueAll, type WorkKey } from "./keys.ts";

/** Bounds how long one transaction holds the database. */
const AT_ONCE = 500;

/** Recovers keys lost between two writes; enqueueing twice is harmless. */
export async function enqueueUnfinished({
  store,
  settings,
}: Pick<Deps, "store" | "settings">): Promise<void> {
  const { publishes, deliveries, deployments, drift, history, queue } = store;
  const charts = await publishes.unverifiedCharts();
  for (let start = 0; start < charts.length; start += AT_ONCE)
    await queue.enqueueAll(charts.slice(start, start + AT_ONCE).map((chart) => chartWork(chart, "upkeep")));
  const routes = await publishes.allPendingRoutes();
  const repositories = new Set([
    ...routes.map(({ repositoryId }) => repositoryId),
    ...(await deliveries.waiting()),
  ]);
  const keys: WorkKey[] = [...repositories].map((id) => ({ kind: "repository", id }));
  for (const { repositoryId, environment } of await deployments.unfinished())
    keys.push(
      { kind: "deployment", repositoryId, environment },
      { kind: "drift", repositoryId, environment },
    );
  for (const { repositoryId, environment } of [...(await drift.watches()), ...(await drift.waiting())])
    keys.push({ kind: "drift", repositoryId, environment });
  for (const { name, pollMs } of settings.chartRepositories)
    if (pollMs !== undefined) keys.push({ kind: "poll", repository: name });
  for (const recipient of await history.recipients()) keys.push({ kind: "notices", recipient });
  await enqueueAll(queue, [...keys, { kind: "events" }, { kind: "prune" }, { kind: "resync" }]);
}
