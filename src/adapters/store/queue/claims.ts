// What the queue asks of an engine: the marks are rows of one table, alike on both; who works on which is known to this
// process alone on the embedded one, and written beside the mark on PostgreSQL.

import { type RawBuilder, sql } from "kysely";
import type { MarkOwner, QueuedWork } from "../../../reconcile/ports/store/queue.ts";
import type { Queries } from "../database.ts";
import type { Attempted } from "./attempts.ts";

export interface QueueMark {
  readonly key: string;
  /** Milliseconds since 1970 by the clock of this process; absent for "now". */
  readonly due?: number;
  readonly priority: number;
  readonly owner?: MarkOwner | string;
}

export function markOf({ key, after, priority = 0, owner }: QueuedWork): QueueMark {
  return { key, priority, ...(after && { due: after.getTime() }), ...(owner && { owner }) };
}

/** How long after `now` it is due, for an engine that goes by another clock; below 0 where it was due before. */
export function msUntilDue({ due }: Pick<QueueMark, "due">, now: Date): number {
  return due === undefined ? 0 : due - now.getTime();
}

/** What a table needs that makes marks in its own units of work. */
export interface Marking {
  readonly put: Claims["put"];
  /** Tells the queue that there is a new mark. */
  readonly wake: () => void;
}

/** A mark that is due and that nobody works on. */
export interface Waiting {
  readonly key: string;
  readonly owner: string;
  readonly priority: number;
}

export interface Claim extends Waiting, Attempted {
  /** What the claim is known by where others could have taken it over. */
  readonly token: string;
  /** False as soon as others may have taken it over, or it was given back. */
  readonly isHeld: () => boolean;
}

/** What was marked while the key was worked on. */
export interface Ended {
  readonly next?: { readonly due: number; readonly priority: number };
}

export interface Claims {
  /** The earlier instant and the higher priority of what waits and what comes; of a key that is worked on, what comes waits. */
  put(db: Queries, marks: readonly QueueMark[]): Promise<void>;
  /** The most urgent, the longest due first, and not those that this process works on. */
  due(limit: number): Promise<readonly Waiting[]>;
  /** Of each owner and priority, the one that has been due longest. */
  firstOfEach(): Promise<readonly Waiting[]>;
  /** Those of the keys that are still due and nobody's; nobody else gets them until they are ended or given back. */
  claim(keys: readonly string[]): Promise<readonly Claim[]>;
  /** Removes the mark; `undefined` when the claim was taken over. */
  end(db: Queries, claim: Claim): Promise<Ended | undefined>;
  /** The transaction of its end failed: it is still ours. */
  keep(claim: Claim): void;
  giveBack(claims: readonly Claim[]): Promise<void>;
  /** Until the next mark is due that is not due yet. */
  msToNext(): Promise<number | undefined>;
  count(): Promise<{ readonly due: number; readonly later: number; readonly running: number }>;
  oldestDue(): Promise<Date | undefined>;
}

/** Whose turn it takes: the publisher's, the installation's, that of all outside, or nobody's. */
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

/** When the first of those marks is due, of each priority by the index; NULL where there is none. */
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

/** Goes from one owner and priority to the next by the index, however many marks each has. */
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
