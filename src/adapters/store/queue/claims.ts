// The queue's interface to an engine. Work items ("marks") are rows of one table on both engines; claims are in memory
// on the embedded one, and beside the row on PostgreSQL.

import { type RawBuilder, sql } from "kysely";
import type { MarkOwner, QueuedWork } from "../../../reconcile/ports/store/queue.ts";
import type { Queries } from "../database.ts";
import type { Attempted } from "./attempts.ts";

export interface QueueMark {
  readonly key: string;
  /** Milliseconds since 1970 by the clock of this process; absent: now. */
  readonly due?: number;
  readonly priority: number;
  readonly owner?: MarkOwner | string;
}

export function markOf({ key, after, priority = 0, owner }: QueuedWork): QueueMark {
  return { key, priority, ...(after && { due: after.getTime() }), ...(owner && { owner }) };
}

/** How long after `now` it is due, for an engine with another clock; negative when it was due before. */
export function msUntilDue({ due }: Pick<QueueMark, "due">, now: Date): number {
  return due === undefined ? 0 : due - now.getTime();
}

/** For tables that add work items in their own transactions. */
export interface Marking {
  readonly put: Claims["put"];
  /** Notifies the queue of a new work item. */
  readonly wake: () => void;
}

/** A due work item that is not claimed. */
export interface Waiting {
  readonly key: string;
  readonly owner: string;
  readonly priority: number;
}

export interface Claim extends Waiting, Attempted {
  /** Identifies the claim, where another process could have taken over the item. */
  readonly token: string;
  /** False as soon as another process may have taken over the item, or it was released. */
  readonly isHeld: () => boolean;
}

/** What was enqueued for the key while it was being worked on. */
export interface Ended {
  readonly next?: { readonly due: number; readonly priority: number };
}

export interface Claims {
  /**
   * Merges with an existing item: the earlier instant and the higher priority. For a key that is being worked on, the
   * new item waits.
   */
  put(db: Queries, marks: readonly QueueMark[]): Promise<void>;
  /** By priority, then by due time, without those that this process works on. */
  due(limit: number): Promise<readonly Waiting[]>;
  /** For each owner and priority, the item that has been due longest. */
  firstOfEach(): Promise<readonly Waiting[]>;
  /** Claims those keys that are still due and free; nobody else gets them until they are ended or released. */
  claim(keys: readonly string[]): Promise<readonly Claim[]>;
  /** Removes the item; `undefined` when the claim was taken over. */
  end(db: Queries, claim: Claim): Promise<Ended | undefined>;
  /** The transaction that should have ended it failed: the claim stays. */
  keep(claim: Claim): void;
  giveBack(claims: readonly Claim[]): Promise<void>;
  /** Milliseconds until the next item becomes due. */
  msToNext(): Promise<number | undefined>;
  count(): Promise<{ readonly due: number; readonly later: number; readonly running: number }>;
  oldestDue(): Promise<Date | undefined>;
}

/** The owner for taking turns: a publisher, an installation, `outside`, or none. */
export function ownerName(owner: QueueMark["owner"]): RawBuilder<string> {
  if (owner === undefined) return sql<string>`''`;
  if (typeof owner === "string") return sql<string>`cast(${owner} as text)`;
  switch (owner.kind) {
    case "outside":
      return sql<string>`cast(${owner.kind} as text)`;
    case "publisher":
      return sql<string>`cast(${`publisher ${owner.name}`} as text)`;
    case "repository":
      return sql<string>`coalesce((select 'installation ' || cast(installation_id as text) from repositories
        where id = ${owner.id}), '')`;
    case "installation":
      return sql<string>`cast(${`installation ${owner.id}`} as text)`;
  }
}

/** When the first of those items is due, for each priority by the index; NULL when there is none. */
export function nextDue(isLater: RawBuilder<boolean>): RawBuilder<{ readonly due: number | null }> {
  return sql<{ readonly due: number | null }>`
    with recursive priorities(priority) as (
      select max(priority) from marks
      union all
      select (select max(marks.priority) from marks where marks.priority < priorities.priority) from priorities
      where priorities.priority is not null)
    select min((select marks.due from marks where marks.priority = priorities.priority and ${isLater}
      order by marks.due limit 1)) as due from priorities`;
}

/** Skips from one owner and priority to the next by the index, however many items each has. */
export function firstOfEach(isFree: RawBuilder<boolean>): RawBuilder<Waiting> {
  return sql<Waiting>`
    with recursive lanes(owner, priority) as (
      select * from (select owner, priority from marks order by owner, priority limit 1) as first
      union all
      select marks.owner, marks.priority from lanes join marks on marks.key = (
        select further.key from marks as further
        where (further.owner, further.priority) > (lanes.owner, lanes.priority)
        order by further.owner, further.priority limit 1))
    select found.key, found.owner, found.priority from lanes join marks as found on found.key = (
      select marks.key from marks
      where marks.owner = lanes.owner and marks.priority = lanes.priority and ${isFree}
      order by marks.due limit 1)`;
}
