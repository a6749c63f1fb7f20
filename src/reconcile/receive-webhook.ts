// A webhook arrived: store what it says, enqueue the repository, and answer; the work happens in the worker.

import type { ParsedWebhook } from "../domain/model/github/event.ts";
import { type ConfigRepository, nameWithOwner } from "../domain/model/github/repository.ts";
import type { Deps } from "./context.ts";
import { enqueue, workOf } from "./keys.ts";

/** Within this time after a start, or after the App was installed, its repositories are known. */
const LISTED_WITHIN_MS = 60_000;

export interface ReceivedWebhook {
  /** X-GitHub-Delivery. */
  readonly id: string;
  /** X-GitHub-Event. */
  readonly name: string;
  readonly webhook: ParsedWebhook;
}

/** Durable when it resolves; a redelivery of one that was dealt with does nothing.
 * What strangers cause beyond their share is dropped: the next sync sees what came of it. */
export async function receiveWebhook(
  { id, name, webhook }: ReceivedWebhook,
  { store, clock, log, strangersShare }: Deps,
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
  if (isStrangers && !strangersShare.take(repositoryId, clock()))
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
  // Its installation may be listed just now, which has it reconciled; what nobody lists is dropped by the reconcile.
  const after = new Date(receivedAt.getTime() + LISTED_WITHIN_MS);
  await store.deliveries.keepAndEnqueue(deliveries, { ...work, ...(!known && { after }) });
}

/** What a line of the log says of it beside its event. */
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
