// Tells one recipient what it is still to be told, oldest first. It is told at least once; each message has an id of its own
// by which it knows one that comes again.

import type { Recipient } from "../../domain/model/config/settings.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { HistoryEvent } from "../../domain/model/history.ts";
import { messagesFor } from "../../domain/notification/messages.ts";
import type { NoticePlace } from "../../domain/notification/notice-text.ts";
import type { Deps } from "../context.ts";
import type { ReconcileResult } from "../requeue.ts";

const AT_ONCE = 20;

export async function tellRecipient(name: string, deps: Deps): Promise<ReconcileResult> {
  const { store, settings, clock } = deps;
  const notices = await store.history.notices(name, AT_ONCE);
  const recipient = settings.recipients?.find((one) => one.name === name);
  for (const { event } of notices) {
    if (recipient) await send(recipient, event, deps);
    await store.history.delivered(name, event.id);
  }
  return notices.length === AT_ONCE ? { requeueAt: clock() } : undefined;
}

/** Throws where it has to be tried again: the queue waits as long as the recipient asked for, or longer and longer. */
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
  /** What the queue waits for without counting the try. */
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
