// Claims of work items on the embedded store: in memory, as one process has the data folder to itself.

import { type RawBuilder, sql } from "kysely";
import type { Database, Queries } from "../database.ts";
import {
  type Claim,
  type Claims,
  type Ended,
  firstOfEach,
  nextDue,
  ownerName,
  type QueueMark,
  type Waiting,
} from "../queue/claims.ts";

/**
 * Everything that claims, enqueues or ends a key goes through `database.write`, which runs one transaction after the
 * other, so an enqueue always knows whether the key is being worked on.
 */
export class SqliteClaims implements Claims {
  readonly #database: Database;
  readonly #running = new Map<string, Claim["token"]>();
  #tokens = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(db: Queries, marks: readonly QueueMark[]): Promise<void> {
    for (const mark of marks) {
      const due = mark.due ?? this.#now();
      if (this.#running.has(mark.key)) await putNext(db, { ...mark, due });
      else await put(db, { ...mark, due });
    }
  }

  due(limit: number): Promise<readonly Waiting[]> {
    return this.#database.read
      .selectFrom("marks")
      .select(["key", "owner", "priority"])
      .where(this.#isFree())
      .orderBy("priority", "desc")
      .orderBy("due")
      .limit(limit)
      .execute();
  }

  async firstOfEach(): Promise<readonly Waiting[]> {
    const { rows } = await firstOfEach(this.#isFree()).execute(this.#database.read);
    return rows;
  }

  claim(keys: readonly string[]): Promise<readonly Claim[]> {
    return this.#database.write(async (db) => {
      const rows = await db
        .selectFrom("marks")
        .leftJoin("failures", "failures.key", "marks.key")
        .select(["marks.key", "owner", "priority", "tries"])
        .where("marks.key", "in", keys)
        .where(this.#isFree())
        .execute();
      return rows.map((row) => this.#take({ ...row, tries: row.tries ?? 0 }));
    });
  }

  async end(db: Queries, { key }: Claim): Promise<Ended> {
    const row = await db
      .deleteFrom("marks")
      .where("key", "=", key)
      .returning(["next_due", "next_priority"])
      .executeTakeFirst();
    this.#running.delete(key);
    return row?.next_due == null ? {} : { next: { due: row.next_due, priority: row.next_priority ?? 0 } };
  }

  keep({ key, token }: Claim): void {
    this.#running.set(key, token);
  }

  async giveBack(claims: readonly Claim[]): Promise<void> {
    for (const { key, token } of claims) if (this.#running.get(key) === token) this.#running.delete(key);
  }

  async msToNext(): Promise<number | undefined> {
    const now = this.#now();
    const { rows } = await nextDue(this.#isIdle(sql`marks.due > ${now}`)).execute(this.#database.read);
    return rows[0]?.due == null ? undefined : rows[0].due - now;
  }

  /** Serialised with enqueues and ends: in between, a key may be neither running nor waiting for a moment. */
  count(): ReturnType<Claims["count"]> {
    return this.#database.write(async (db) => {
      const running = [...this.#running.keys()];
      const now = this.#now();
      const waiting = await countWaiting(db, running, now);
      const next = await duesOfNext(db, running);
      const nextDue = next.filter((due) => due <= now).length;
      return {
        due: waiting.due + nextDue,
        later: waiting.later + next.length - nextDue,
        running: running.length,
      };
    });
  }

  async oldestDue(): Promise<Date | undefined> {
    const row = await this.#database.read
      .selectFrom("marks")
      .select((is) => is.fn.min("due").as("due"))
      .where("due", "<=", this.#now())
      .executeTakeFirst();
    return row?.due == null ? undefined : new Date(row.due);
  }

  #now(): number {
    return this.#database.clock().getTime();
  }

  #take(claimed: Omit<Claim, "token" | "isHeld">): Claim {
    this.#tokens += 1;
    const token = String(this.#tokens);
    const claim = { ...claimed, token, isHeld: () => this.#running.get(claimed.key) === token };
    this.#running.set(claim.key, claim.token);
    return claim;
  }

  #isFree(): RawBuilder<boolean> {
    return this.#isIdle(sql`marks.due <= ${this.#now()}`);
  }

  /** And not being worked on. */
  #isIdle(is: RawBuilder<unknown>): RawBuilder<boolean> {
    const running = [...this.#running.keys()];
    return running.length === 0
      ? sql<boolean>`${is}`
      : sql<boolean>`${is} and marks.key not in (${sql.join(running)})`;
  }
}

async function countWaiting(
  db: Queries,
  running: readonly string[],
  now: number,
): Promise<{ readonly due: number; readonly later: number }> {
  return await db
    .selectFrom("marks")
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere("due", "<=", now).as("due"),
      fn.countAll<number>().filterWhere("due", ">", now).as("later"),
    ])
    .$if(running.length > 0, (query) => query.where("key", "not in", running))
    .executeTakeFirstOrThrow();
}

/** When the keys that are being worked on are due again. */
async function duesOfNext(db: Queries, running: readonly string[]): Promise<readonly number[]> {
  if (running.length === 0) return [];
  const rows = await db.selectFrom("marks").select("next_due").where("key", "in", running).execute();
  return rows.flatMap((row) => row.next_due ?? []);
}

type DatedMark = QueueMark & { readonly due: number };

/** Inserts the item, or merges it: the earlier instant and the higher priority. */
async function put(db: Queries, { key, due, priority, owner }: DatedMark): Promise<void> {
  await db
    .insertInto("marks")
    .values({ key, due, priority, owner: ownerName(owner), next_due: null, next_priority: null })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((expression) => ({
        due: expression.fn("min", ["marks.due", "excluded.due"]),
        priority: expression.fn("max", ["marks.priority", "excluded.priority"]),
      })),
    )
    .execute();
}

/** The same for a key that is being worked on: queued beside the running item. */
async function putNext(db: Queries, { key, due, priority }: DatedMark): Promise<void> {
  await db
    .updateTable("marks")
    .set((expression) => ({
      next_due: expression.fn("min", [
        expression.fn.coalesce("next_due", expression.val(due)),
        expression.val(due),
      ]),
      next_priority: expression.fn("max", [
        expression.fn.coalesce("next_priority", expression.val(priority)),
        expression.val(priority),
      ]),
    }))
    .where("key", "=", key)
    .execute();
}
