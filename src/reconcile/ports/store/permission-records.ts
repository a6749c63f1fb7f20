// The record of the App's permissions.

import type { Delivery } from "../../../domain/model/github/event.ts";
import type { NeededPermission } from "../../../domain/model/github/repository.ts";
import type { QueuedWork } from "./queue.ts";

export interface NotedPermission {
  readonly repositoryId: number;
  readonly permission: NeededPermission;
  readonly isLacking: boolean;
}

export interface Permissions {
  /** Permissions that GitHub was found not to give the App in this repository, in alphabetical order. */
  lacking(repositoryId: number): Promise<readonly NeededPermission[]>;
  /** Whether the state has changed: then `reason` is kept and its work enqueued in the same transaction. */
  note(
    noted: NotedPermission,
    reason: { readonly delivery: Delivery; readonly work: QueuedWork },
  ): Promise<boolean>;
}
