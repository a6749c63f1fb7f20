// What happened, and who is still to be told of it.

import type { HistoryEvent } from "../../../domain/model/history.ts";

/** One event that one recipient is still to be told of. */
export interface PendingNotice {
  /** Name of the recipient in server.yaml. */
  readonly recipient: string;
  readonly event: HistoryEvent;
}

export interface EventHistory {
  /** Remembers what is not known yet, by its id. */
  note(events: readonly HistoryEvent[]): Promise<void>;
  /** The newest since this instant, oldest first. */
  since(instant: Date, limit: number): Promise<readonly HistoryEvent[]>;
  /** Of one publish, oldest first. */
  ofPublish(publishId: string): Promise<readonly HistoryEvent[]>;
  /** Events of which it was not decided yet who is to be told, oldest first. */
  untold(limit: number): Promise<readonly HistoryEvent[]>;
  /** Decides it, in one transaction: these recipients for each of these events. */
  handOn(events: readonly { readonly id: string; readonly recipients: readonly string[] }[]): Promise<void>;
  /** Recipients with notices. */
  recipients(): Promise<readonly string[]>;
  /** What the recipient is still to be told, oldest first. */
  notices(recipient: string, limit: number): Promise<readonly PendingNotice[]>;
  delivered(recipient: string, eventId: string): Promise<void>;
  /** Forgets what happened before. */
  prune(before: Date): Promise<void>;
}
