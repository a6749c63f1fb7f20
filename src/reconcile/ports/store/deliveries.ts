// Reasons to reconcile a repository: webhook deliveries, and those that the program makes itself.

import type { Delivery } from "../../../domain/model/github/event.ts";
import type { QueuedWork } from "./queue.ts";

export interface Deliveries {
  /** `repeat` when this delivery id was kept before, also when it has been dealt with since. */
  keep(delivery: Delivery): Promise<"kept" | "repeat">;
  /**
   * Keeps them and enqueues what they are a reason for, both or none: a run that had one without the other would find no reason the
   * next time, and read everything.
   */
  keepAndEnqueue(deliveries: readonly Delivery[], work: QueuedWork): Promise<void>;
  /** Whether a delivery of this id was kept, and not forgotten since. */
  isKnown(id: string): Promise<boolean>;
  /** Deliveries not dealt with yet, oldest first. */
  undone(repositoryId: number): Promise<readonly Delivery[]>;
  /** Deliveries received at or after this instant, dealt with or not, oldest first. */
  since(repositoryId: number, instant: Date): Promise<readonly Delivery[]>;
  done(ids: readonly string[]): Promise<void>;
  /** Repositories with undone deliveries: what start-up enqueues. */
  waiting(): Promise<readonly number[]>;
  /** Forgets deliveries dealt with before this instant. */
  prune(before: Date): Promise<void>;
}
