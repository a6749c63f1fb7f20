// History events, appended in the transaction of the change itself, and their pending notifications.

import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import { HISTORY_KINDS, type HistoryEvent } from "../../../domain/model/history.ts";
import type { EventHistory } from "../../../reconcile/ports/store/history.ts";
import * as column from "../columns.ts";
import { chunks, type Database, type Queries, untilNone } from "../database.ts";
import type { HistoryRow } from "../schema.ts";
import type { StateObserver } from "../state-observer.ts";

export function createHistory(database: Database, states: StateObserver): EventHistory {
  const { read } = database;
  return {
    note: async (events) => {
      const kept = await database.write((db) => keepEvents(db, events));
      if (kept) states.event(events.flatMap(({ repositoryId }) => repositoryId ?? []));
    },
    since: (instant, limit) => newestSince(read, instant, limit),
    ofPublish: async (publishId) => {
      const rows = await oldestFirst(read).where("publish_id", "=", publishId).execute();
      return rows.map(toEvent).toSorted(inOrder);
    },
    undecided: async (limit) => {
      const rows = await oldestFirst(read).where(IS_UNTOLD).limit(limit).execute();
      return rows.map(toEvent);
    },
    handOn: (events) => database.write((db) => handOn(db, events)),
    recipients: async () => {
      const rows = await read.selectFrom("notices").select("recipient").distinct().execute();
      return rows.map(({ recipient }) => recipient);
    },
    notices: async (recipient, limit) => {
      const rows = await read
        .selectFrom("notices")
        .innerJoin("history", "history.id", "notices.event_id")
        .selectAll("history")
        .where("notices.recipient", "=", recipient)
        .orderBy("history.at")
        .orderBy("history.id")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ recipient, event: toEvent(row) }));
    },
    delivered: (recipient, eventId) =>
      database.write(async (db) => {
        await db
          .deleteFrom("notices")
          .where("recipient", "=", recipient)
          .where("event_id", "=", eventId)
          .execute();
      }),
    prune: async (before) => void (await untilNone(database, (db) => pruneSome(db, before))),
  };
}

async function pruneSome(db: Queries, before: Date): Promise<number> {
  const old = await db
    .selectFrom("history")
    .select("id")
    .where("at", "<", before.getTime())
    .limit(PART)
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await db.deleteFrom("notices").where("event_id", "in", ids).execute();
  await db.deleteFrom("history").where("id", "in", ids).execute();
  return ids.length;
}

/** A literal, so that the engines use the partial index of pending events. */
const IS_UNTOLD = sql<boolean>`handed_on = 0`;

/** Read in parts, yielding to the event loop in between. */
async function newestSince(db: Queries, instant: Date, limit: number): Promise<readonly HistoryEvent[]> {
  const found: HistoryEvent[] = [];
  let last: HistoryRow | undefined;
  do {
    const rows = await partBefore(db, instant, last)
      .limit(Math.min(PART, limit - found.length))
      .execute();
    found.push(...rows.map(toEvent));
    last = rows.length === PART && found.length < limit ? rows.at(-1) : undefined;
    await setImmediate();
  } while (last);
  return found.toReversed();
}

/** Bounds how long one transaction blocks the event loop. */
const PART = 500;

function partBefore(db: Queries, instant: Date, last: HistoryRow | undefined) {
  return db
    .selectFrom("history")
    .selectAll()
    .where("at", ">=", instant.getTime())
    .$if(last !== undefined, (query) =>
      query.where((is) =>
        is.or([
          is("at", "<", last?.at ?? 0),
          is.and([is("at", "=", last?.at ?? 0), is("id", "<", last?.id ?? "")]),
        ]),
      ),
    )
    .orderBy("at", "desc")
    .orderBy("id", "desc");
}

function oldestFirst(db: Queries) {
  return db.selectFrom("history").selectAll().orderBy("at").orderBy("id");
}

/** Events of one publish in the same millisecond are sorted in the order of their kinds. */
function inOrder(one: HistoryEvent, other: HistoryEvent): number {
  const byTime = one.at.getTime() - other.at.getTime();
  return byTime || HISTORY_KINDS.indexOf(one.kind) - HISTORY_KINDS.indexOf(other.kind);
}

/** Whether any of them was new. */
export async function keepEvents(db: Queries, events: readonly HistoryEvent[]): Promise<boolean> {
  let kept = false;
  for (const some of chunks(events)) {
    const { numInsertedOrUpdatedRows = 0n } = await db
      .insertInto("history")
      .values(some.map(toHistoryRow))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    kept ||= numInsertedOrUpdatedRows > 0n;
  }
  return kept;
}

async function handOn(db: Queries, events: Parameters<EventHistory["handOn"]>[0]): Promise<void> {
  const notices = events.flatMap(({ id, recipients }) =>
    recipients.map((recipient) => ({ recipient, event_id: id })),
  );
  for (const some of chunks(notices))
    await db
      .insertInto("notices")
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  for (const some of chunks(events.map(({ id }) => id)))
    await db.updateTable("history").set({ handed_on: 1 }).where("id", "in", some).execute();
}

export function toHistoryRow({ id, kind, at, repositoryId, environment, facts }: HistoryEvent): HistoryRow {
  return {
    ...{ id, kind, at: at.getTime() },
    repository_id: repositoryId ?? null,
    environment: environment ?? null,
    publish_id: facts.publishId ?? null,
    facts: column.text(JSON.stringify(facts)),
    handed_on: 0,
  };
}

export function toEvent(row: HistoryRow): HistoryEvent {
  return {
    ...{ id: row.id, kind: row.kind, at: column.date(row.at) },
    ...column.optional("repositoryId", row.repository_id, column.same),
    ...column.optional("environment", row.environment, column.same),
    facts: column.eventFacts(row.facts),
  };
}
