// Sending notifications to a recipient.

import type { NoticeMessage } from "../../domain/notification/messages.ts";

export type Delivered =
  | { readonly kind: "told" }
  /** The recipient rejects this message for good. */
  | { readonly kind: "refused"; readonly because: string }
  /** Retry later; `retryAfterMs`: the wait that the recipient asked for. */
  | { readonly kind: "later"; readonly because: string; readonly retryAfterMs?: number };

export interface Notifier {
  /** `undefined`: no recipient of server.yaml has this name. */
  send(recipient: string, message: NoticeMessage, now: Date): Promise<Delivered | undefined>;
}
