// How a recipient is told.

import type { NoticeMessage } from "../../domain/notification/messages.ts";

export type Delivered =
  | { readonly kind: "told" }
  /** It will never take this message. */
  | { readonly kind: "refused"; readonly because: string }
  /** It may take it later; `retryAfterMs`: what it asked to wait. */
  | { readonly kind: "later"; readonly because: string; readonly retryAfterMs?: number };

export interface Notifier {
  /** `undefined`: no recipient of server.yaml has this name. */
  send(recipient: string, message: NoticeMessage, now: Date): Promise<Delivered | undefined>;
}
