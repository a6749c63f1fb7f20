// The history of events, and the notifications still to be sent about them.

import type { HistoryEvent } from "../../../domain/model/history.ts";

/** One event of which one recipient has still to be notified. */
export interface PendingNotice {
  /** Name of the recipient in server.yaml. */
  readonly recipient: string;
  readonly event: HistoryEvent;
}

export interface EventHistory {
  /** Adds events; an event with a known id is skipped. */
  note(events: readonly HistoryEvent[]): Promise<void>;
  /** At most `limit` of the newest events since this instant, oldest first. */
  since(instant: Date, limit: number): Promise<readonly HistoryEvent[]>;
  /** Events of one publish, oldest first. */
  ofPublish(publishId: string): Promise<readonly HistoryEvent[]>;
  /** Events whose recipients have not been decided yet, oldest first. */
  undecided(limit: number): Promise<readonly HistoryEvent[]>;
  /** Records the recipients of each of these events, in one transaction. */
  handOn(events: readonly { readonly id: string; readonly recipients: readonly string[] }[]): Promise<void>;
  /** Recipients with pending notifications. */
  recipients(): Promise<readonly string[]>;
  /** Pending notifications of the recipient, oldest first. */
  notices(recipient: string, limit: number): Promise<readonly PendingNotice[]>;
  delivered(recipient: string, eventId: string): Promise<void>;
  /** Deletes events before this instant. */
  prune(before: Date): Promise<void>;
}
