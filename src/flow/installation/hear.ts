// A webhook arrived: keep what it says, mark what has to be looked at, and be done; the work happens in the worker.

import type { Heard } from "../../model/event.ts";
import type { World } from "../world.ts";

/** `id`: X-GitHub-Delivery. Durable when it resolves; a redelivery of one that was dealt with does nothing. */
export async function hearWebhook(
  { id, heard }: { readonly id: string; readonly heard: Heard },
  { store, clock, log }: World,
): Promise<void> {
  if (heard.kind === "installation")
    await store.queue.mark(`installation:${heard.installationId}`, { priority: 1 });
  if (heard.kind !== "repository") return;
  const { repositoryId } = heard;
  if (!(await store.repositories.get(repositoryId))) {
    // Of an installation that is not known (yet): what it tells is seen when the repository is looked at for the first time.
    log.warn(
      { delivery: id, repository: repositoryId },
      "webhook of a repository that the App is not known to cover",
    );
    return;
  }
  for (const [at, event] of heard.events.entries()) {
    await store.deliveries.keep({
      id: at === 0 ? id : `${id}-${at}`,
      repositoryId,
      event,
      receivedAt: clock(),
    });
  }
  const urgent = heard.events.some(({ kind }) => kind === "pull-request-merged");
  await store.queue.mark(`repository:${repositoryId}`, { priority: urgent ? 2 : 0 });
}
