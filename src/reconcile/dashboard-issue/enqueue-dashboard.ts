// Enqueues the dashboard issue after any work that it shows. Rendering it reads only the database.

import type { Deps } from "../context.ts";
import { enqueue } from "../keys.ts";

export async function enqueueDashboard(repositoryId: number, { store }: Pick<Deps, "store">): Promise<void> {
  const index = await store.repositories.index(repositoryId);
  const isWanted =
    index?.config?.dashboardIssue === true || (await store.dashboardIssues.get(repositoryId)) !== undefined;
  if (isWanted) await enqueue(store.queue, { kind: "dashboard", id: repositoryId });
}
