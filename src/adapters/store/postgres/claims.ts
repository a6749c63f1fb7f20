// Claims of work items on PostgreSQL: stored beside the item, as a lease that the claiming process extends as long as
// it lives. All instants are by the database's clock, so the replicas' clocks need not agree: a delay relative to this
// process's clock becomes the same delay in the database.

import { randomUUID } from "node:crypto";
import { type RawBuilder, sql } from "kysely";
import type { Database, Queries, StoreLog } from "../database.ts";
import {
  type Claim,
  type Claims,
  type Ended,
  firstOfEach,
  msUntilDue,
  nextDue,
  ownerName,
  type QueueMark,
  type Waiting,
} from "../queue/claims.ts";

const LEASE_MS = 15_000;
const EXTENDED_EVERY_MS = 3_000;

interface Held {
  readonly claim: Claim;
  /** By this process's monotonic clock, and never after the database's lease: counted from before the request. */
  until: number;
}

/** SQL text, for a prepared statement. */
export const NOW = "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";
const now = sql.raw<number>(NOW);

export class PostgresClaims implements Claims {
  readonly #database: Database;
  readonly #log: StoreLog;
  readonly #held = new Map<string, Held>();
  #extending: NodeJS.Timeout | undefined;

  constructor(database: Database, log: StoreLog) {
    this.#database = database;
    this.#log = log;
  }

  /**
   * Locks the row of an existing key until the transaction ends, so that a claim reads it afterwards. In the order of
   * the keys, to avoid deadlocks.
   */
  async put(db: Queries, marks: readonly QueueMark[]): Promise<void> {
    const sorted = [...mergedByKey(marks)].sort((one, other) => (one.key < other.key ? -1 : 1));
    for (let start = 0; start < sorted.length; start += LARGEST_PUT) {
      const rows = sorted
        .slice(start, start + LARGEST_PUT)
        .map(
          (mark) =>
            sql`(${mark.key}, ${now} + cast(${msUntilDue(mark, this.#database.clock())} as bigint), cast(${mark.priority} as integer), ${ownerName(mark.owner)})`,
        );
      await sql`insert into marks as mark (key, due, priority, owner) values ${sql.join(rows)}
        ${sql.raw(MERGE_MARKS)}`.execute(db);
    }
  }

  async due(limit: number): Promise<readonly Waiting[]> {
    const { rows } = await sql<Waiting>`select key, owner, priority from marks
      where ${this.#isFree()} order by priority desc, due limit ${limit}`.execute(this.#database.read);
    return rows;
  }

  async firstOfEach(): Promise<readonly Waiting[]> {
    const { rows } = await firstOfEach(this.#isFree()).execute(this.#database.read);
    return rows;
  }

  /** Skips rows that another transaction has locked. */
  async claim(keys: readonly string[]): Promise<readonly Claim[]> {
    const token = randomUUID();
    const until = performance.now() + LEASE_MS;
    const { rows } = await sql<Omit<Claim, "token" | "isHeld">>`
      with claimed as (
        update marks set claim = ${token}, claimed_until = ${now} + ${sql.lit(LEASE_MS)},
          due = least(due, next_due), priority = greatest(priority, next_priority), next_due = null, next_priority = null
        where key in (select key from marks where key = any(${keys}) and ${this.#isFree()} for update skip locked)
        returning key, owner, priority)
      select claimed.key, claimed.owner, claimed.priority, coalesce(failures.tries, 0) as tries
      from claimed left join failures on failures.key = claimed.key`.execute(this.#database.read);
    const claims = rows.map((row) => ({ ...row, token, isHeld: () => this.#isHeld(row.key, token) }));
    for (const claim of claims) this.#held.set(claim.key, { claim, until });
    this.#extending ??= setInterval(() => void this.#extend(), EXTENDED_EVERY_MS).unref();
    return claims;
  }

  async end(db: Queries, { key, token }: Claim): Promise<Ended | undefined> {
    const row = await db
      .deleteFrom("marks")
      .where("key", "=", key)
      .where("claim", "=", token)
      .returning((of) => [sql<number | null>`${of.ref("next_due")} - ${now}`.as("ms"), "next_priority"])
      .executeTakeFirst();
    this.#letGo({ key, token });
    if (row === undefined) return undefined;
    if (row.ms === null) return {};
    return { next: { due: this.#clock() + Number(row.ms), priority: row.next_priority ?? 0 } };
  }

  keep(claim: Claim): void {
    this.#held.set(claim.key, { claim, until: 0 });
  }

  async giveBack(claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    for (const claim of claims) this.#letGo(claim);
    await sql`update marks set claim = null, claimed_until = null, due = least(due, next_due),
        priority = greatest(priority, next_priority), next_due = null, next_priority = null
      where claim = any(${claims.map(({ token }) => token)}) and key = any(${claims.map(({ key }) => key)})`.execute(
      this.#database.read,
    );
  }

  async msToNext(): Promise<number | undefined> {
    const isLater = sql<boolean>`marks.due > ${now} and marks.claim is null`;
    const { rows } = await sql<{
      ms: number | null;
    }>`select due - ${now} as ms from (${nextDue(isLater)}) as next`.execute(this.#database.read);
    return rows[0]?.ms == null ? undefined : Math.max(1, rows[0].ms);
  }

  /** In the whole cluster. */
  async count(): ReturnType<Claims["count"]> {
    const { rows } = await sql<{ due: number; later: number; running: number }>`
      with waiting as (
        select case when ${IS_CLAIMED} then next_due else least(due, next_due) end as due, ${IS_CLAIMED} as is_claimed
        from marks)
      select count(*) filter (where due <= ${now}) as due, count(*) filter (where due > ${now}) as later,
        count(*) filter (where is_claimed) as running from waiting`.execute(this.#database.read);
    return rows[0] ?? { due: 0, later: 0, running: 0 };
  }

  async oldestDue(): Promise<Date | undefined> {
    const { rows } = await sql<{ ms: number | null }>`select min(due) - ${now} as ms from marks
      where due <= ${now} and not (${IS_CLAIMED})`.execute(this.#database.read);
    return rows[0]?.ms == null ? undefined : new Date(this.#clock() + Number(rows[0].ms));
  }

  close(): void {
    clearInterval(this.#extending);
  }

  #isFree(): RawBuilder<boolean> {
    const held = [...this.#held.keys()];
    return sql<boolean>`marks.due <= ${now} and not (${IS_CLAIMED}) and marks.key <> all(${held})`;
  }

  #clock(): number {
    return this.#database.clock().getTime();
  }

  #letGo({ key, token }: Pick<Claim, "key" | "token">): void {
    if (this.#held.get(key)?.claim.token === token) this.#held.delete(key);
  }

  #isHeld(key: string, token: string): boolean {
    const held = this.#held.get(key);
    return held?.claim.token === token && performance.now() < held.until;
  }

  /** If this fails for the length of a lease, other replicas take over. */
  async #extend(): Promise<void> {
    const held = [...this.#held.values()];
    if (held.length === 0) return;
    const until = performance.now() + LEASE_MS;
    try {
      const { rows } = await sql<
        Pick<Claim, "key">
      >`update marks set claimed_until = ${now} + ${sql.lit(LEASE_MS)}
        where key = any(${held.map(({ claim }) => claim.key)}) and claim = any(${held.map(({ claim }) => claim.token)})
        returning key`.execute(this.#database.read);
      const extended = new Set(rows.map(({ key }) => key));
      for (const one of held) one.until = extended.has(one.claim.key) ? until : 0;
    } catch (error) {
      this.#log.warn(
        { err: error },
        "The queue could not tell PostgreSQL that it still works; it tries again.",
      );
    }
  }
}

/** One statement may touch a row only once. */
function mergedByKey(marks: readonly QueueMark[]): Iterable<QueueMark> {
  const merged = new Map<string, QueueMark>();
  for (const mark of marks) {
    const known = merged.get(mark.key);
    const isEarlier = known?.due !== undefined && (mark.due === undefined || mark.due < known.due);
    const priority = Math.max(mark.priority, known?.priority ?? mark.priority);
    merged.set(mark.key, { ...(known === undefined || isEarlier ? mark : known), priority });
  }
  return merged.values();
}

/** For an insert into `marks as mark`. */
export const MERGE_MARKS = `on conflict (key) do update set
    due = case when mark.claim is null then least(mark.due, excluded.due) else mark.due end,
    priority = case when mark.claim is null then greatest(mark.priority, excluded.priority) else mark.priority end,
    next_due = case when mark.claim is null then null else least(mark.next_due, excluded.due) end,
    next_priority = case when mark.claim is null then null else greatest(mark.next_priority, excluded.priority) end
  where mark.claim is not null or mark.due > excluded.due or mark.priority < excluded.priority`;
const LARGEST_PUT = 1_000;
const IS_CLAIMED = sql<boolean>`(marks.claim is not null and marks.claimed_until > ${now})`;
