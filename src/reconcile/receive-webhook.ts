// Receives a webhook: stores it, enqueues the repository, and answers; the work happens in the worker.

import type { ParsedWebhook } from "../domain/model/github/event.ts";
import { type ConfigRepository, nameWithOwner } from "../domain/model/github/repository.ts";
import type { Deps } from "./context.ts";
import { enqueue, workOf } from "./keys.ts";

/** Within this time after the start, or after an installation, the App's repositories have been listed. */
const LISTED_WITHIN_MS = 60_000;

export interface ReceivedWebhook {
  /** X-GitHub-Delivery. */
  readonly id: string;
  /** X-GitHub-Event. */
  readonly name: string;
  readonly webhook: ParsedWebhook;
}

/**
 * Durable when it resolves; a redelivery of a handled webhook does nothing. Events of outsiders beyond their share are
 * dropped: the next resync sees their effects.
 */
export async function receiveWebhook(
  { id, name, webhook }: ReceivedWebhook,
  { store, clock, log, strangerRateLimiter }: Deps,
): Promise<void> {
  const known =
    webhook.kind === "repository" ? await store.repositories.get(webhook.repositoryId) : undefined;
  const about = { delivery: id, event: name, ...inLog(webhook, known) };
  log.info(about, "webhook");
  if (webhook.kind === "installation")
    await enqueue(store.queue, { kind: "installation", id: webhook.installationId }, "promotion");
  if (webhook.kind !== "repository") return;
  const { repositoryId } = webhook;
  const isStrangers = webhook.events.every((event) => "byStranger" in event && event.byStranger);
  if (isStrangers && !strangerRateLimiter.take(repositoryId, clock()))
    return log.warn(about, "strangers have had their share of this hour");
  if (!known) log.warn(about, "webhook of a repository that the App is not known to cover");
  const receivedAt = clock();
  const deliveries = webhook.events.map((event, at) => ({
    id: at === 0 ? id : `${id}-${at}`,
    ...{ repositoryId, event, receivedAt },
  }));
  const merged = webhook.events.some(({ kind }) => kind === "pull-request-merged");
  const lane = merged ? "deployment" : isStrangers ? "strangers" : "upkeep";
  const work = workOf({ kind: "repository", id: repositoryId }, known ? lane : "upkeep");
  // An unknown repository may be in an installation that is being listed now, which reconciles it; otherwise the
  // reconcile drops the delivery.
  const after = new Date(receivedAt.getTime() + LISTED_WITHIN_MS);
  await store.deliveries.keepAndEnqueue(deliveries, { ...work, ...(!known && { after }) });
}

/** Fields for the log line. */
function inLog(webhook: ParsedWebhook, known: ConfigRepository | undefined): object {
  switch (webhook.kind) {
    case "repository":
      return {
        repository: known ? nameWithOwner(known) : webhook.repositoryId,
        says: webhook.events.map(({ kind }) => kind).join(", "),
      };
    case "installation":
      return { installation: webhook.installationId };
    case "ignored":
      return { ignored: webhook.because };
  }
}
