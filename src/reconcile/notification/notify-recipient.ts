// Sends one recipient its pending notifications, oldest first and at least once. Each message has an id by which the
// recipient can recognise a duplicate.

import type { Recipient } from "../../domain/model/config/settings.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { HistoryEvent } from "../../domain/model/history.ts";
import { messagesFor } from "../../domain/notification/messages.ts";
import type { NoticePlace } from "../../domain/notification/notice-text.ts";
import type { Deps } from "../context.ts";
import type { ReconcileResult } from "../requeue.ts";

const AT_ONCE = 20;

export async function notifyRecipient(name: string, deps: Deps): Promise<ReconcileResult> {
  const { store, settings, clock } = deps;
  const notices = await store.history.notices(name, AT_ONCE);
  const recipient = settings.recipients?.find((one) => one.name === name);
  for (const { event } of notices) {
    if (recipient) await send(recipient, event, deps);
    await store.history.delivered(name, event.id);
  }
  return notices.length === AT_ONCE ? { requeueAt: clock() } : undefined;
}

/**
 * Throws when the send has to be retried: the queue waits as long as the recipient asked for (Retry-After), or backs
 * off.
 */
async function send(recipient: Recipient, event: HistoryEvent, deps: Deps): Promise<void> {
  const place = await placeOf(event, deps);
  for (const message of messagesFor(recipient, event, place)) {
    const answer = await deps.notifier.send(recipient.name, message, deps.clock());
    if (answer?.kind === "later") throw new NotDelivered(recipient.name, answer, deps.clock());
    if (answer?.kind === "refused")
      deps.log.warn({ recipient: recipient.name, event: event.id, because: answer.because }, "not told");
  }
}

async function placeOf({ repositoryId }: HistoryEvent, { store, settings }: Deps): Promise<NoticePlace> {
  const { githubWeb } = settings;
  const repository = repositoryId === undefined ? undefined : await store.repositories.get(repositoryId);
  return { githubWeb, ...(repository && { repository: nameWithOwner(repository) }) };
}

class NotDelivered extends Error {
  /** Set when the recipient asked for a delay: the queue then waits without using up a try. */
  readonly retryAt?: Date;

  constructor(
    recipient: string,
    { because, retryAfterMs }: { readonly because: string; readonly retryAfterMs?: number },
    now: Date,
  ) {
    super(`${recipient} was not told: ${because}`);
    if (retryAfterMs !== undefined) this.retryAt = new Date(now.getTime() + retryAfterMs);
  }
}
