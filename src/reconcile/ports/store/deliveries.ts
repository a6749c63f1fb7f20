// The deliveries of a repository: reasons to reconcile it, from webhooks or from the program itself.

import type { Delivery } from "../../../domain/model/github/event.ts";
import type { QueuedWork } from "./queue.ts";

export interface Deliveries {
  /** Idempotent by id: `repeat` when this id was kept before, even if it has been dealt with since. */
  keep(delivery: Delivery): Promise<"kept" | "repeat">;
  /**
   * Keeps the deliveries and enqueues their work in one transaction. Without it, a run could take the key and find no
   * reason, and would read everything.
   */
  keepAndEnqueue(deliveries: readonly Delivery[], work: QueuedWork): Promise<void>;
  /** Whether a delivery of this id is on record; pruned ones are not. */
  isKnown(id: string): Promise<boolean>;
  /** Pending deliveries, oldest first. */
  undone(repositoryId: number): Promise<readonly Delivery[]>;
  /** Deliveries received at or after this instant, pending or not, oldest first. */
  since(repositoryId: number, instant: Date): Promise<readonly Delivery[]>;
  done(ids: readonly string[]): Promise<void>;
  /** Repositories with pending deliveries, to be enqueued at start-up. */
  waiting(): Promise<readonly number[]>;
  /** Deletes deliveries that were dealt with before this instant. */
  prune(before: Date): Promise<void>;
}
