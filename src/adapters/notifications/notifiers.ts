// Posts messages to the recipients of server.yaml. Their URLs may contain secrets and never appear in logs or messages.

import { Webhook } from "standardwebhooks";
import type { Recipient } from "../../domain/model/config/settings.ts";
import { signingSecret } from "../../domain/model/secret/secret.ts";
import { secretBytes } from "../../domain/model/secret/secret-bytes.ts";
import type { NoticeMessage } from "../../domain/notification/messages.ts";
import type { Delivered, Notifier } from "../../reconcile/ports/notifier.ts";

/** One HTTP request; without a response it may still have arrived. */
export type Post = (request: {
  readonly method: "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<
  | { readonly kind: "answered"; readonly status: number; readonly headers: Headers }
  | { readonly kind: "unanswered"; readonly reason: string }
>;

/**
 * `recipients`: those of the current server.yaml. Of an event's several messages, those that the recipient accepted are
 * not sent again when the others are retried: a recipient that accepts a hundred a minute would never get to the end.
 */
export function notifiersOf(recipients: () => readonly Recipient[], post: Post): Notifier {
  const taken = new TakenMessages();
  return {
    send: async (name, message, now) => {
      const recipient = recipients().find((one) => one.name === name);
      if (!recipient) return undefined;
      if (taken.has(name, message)) return { kind: "told" };
      const headers = {
        "content-type": "application/json",
        ...message.headers,
        ...signature(recipient, message, now),
      };
      const outcome = outcomeOf(
        await post({ method: "POST", url: recipient.url, headers, body: message.body }),
      );
      if (outcome.kind === "told") taken.add(name, message);
      return outcome;
    },
  };
}

/** More than one event has. */
const MOST_REMEMBERED = 10_000;

class TakenMessages {
  readonly #ids = new Set<string>();

  has(recipient: string, { id }: Pick<NoticeMessage, "id">): boolean {
    return this.#ids.has(`${recipient} ${id}`);
  }

  add(recipient: string, { id }: Pick<NoticeMessage, "id">): void {
    const [oldest] = this.#ids;
    if (this.#ids.size >= MOST_REMEMBERED && oldest !== undefined) this.#ids.delete(oldest);
    this.#ids.add(`${recipient} ${id}`);
  }
}

/**
 * https://www.standardwebhooks.com: the id is the receiver's idempotency key. It contains no dot, which is the
 * separator.
 */
function signature(
  { secret }: Recipient,
  { id, body }: NoticeMessage,
  now: Date,
): Readonly<Record<string, string>> {
  const plain = encodeURIComponent(id).replaceAll(".", "%2E");
  if (secret === undefined) return {};
  return {
    "webhook-id": plain,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secretBytes(signingSecret(secret)), { format: "raw" }).sign(
      plain,
      now,
      body,
    ),
  };
}

/** Statuses that a retry does not change; a wrong login or URL can be fixed. */
const NEVER = new Set([400, 405, 406, 411, 413, 414, 415, 422, 431]);

function outcomeOf(answer: Awaited<ReturnType<Post>>): Delivered {
  if (answer.kind === "unanswered") return { kind: "later", because: `no answer: ${answer.reason}` };
  const { status, headers } = answer;
  const because = `it answered ${status}`;
  if (status >= 200 && status < 300) return { kind: "told" };
  if (NEVER.has(status)) return { kind: "refused", because };
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const namesRetry = (status === 429 || status === 503) && Number.isFinite(seconds) && seconds > 0;
  return { kind: "later", because, ...(namesRetry && { retryAfterMs: Math.min(seconds, 3600) * 1000 }) };
}
