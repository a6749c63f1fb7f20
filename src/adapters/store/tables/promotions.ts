// Promotion records: the present state of a publish in each environment.

import type { HeldRecord, PromotionRecord, PromotionState } from "../../../domain/model/publish.ts";
import type { Promotions } from "../../../reconcile/ports/store/publishes.ts";
import * as column from "../columns.ts";
import { chunks, type Database, type Queries } from "../database.ts";
import type { PromotionRow } from "../schema.ts";
import type { StateObserver } from "../state-observer.ts";
import { promotionEvents } from "./facts-to-remember.ts";
import { keepEvents } from "./history.ts";

export function createPromotions(database: Database, states: StateObserver): Promotions {
  const { read } = database;
  return {
    record: async (records) => {
      if (records.length === 0) return;
      const at = database.clock();
      const changed = await database.write((db) => record(db, records, { at }));
      changed.forEach(states.promotion);
      if (changed.length > 0) states.event(records.map(({ repositoryId }) => repositoryId));
    },
    ofPublish: async (publishId) => {
      const rows = await inOrder(read).where("publish_id", "=", publishId).execute();
      return rows.map(toRecord);
    },
    ofRepository: async (repositoryId) => {
      const rows = await inOrder(read).where("repository_id", "=", repositoryId).execute();
      return rows.map(toRecord);
    },
    ofEnvironment: async ({ repositoryId, environment }) => {
      const rows = await inOrder(read)
        .where("repository_id", "=", repositoryId)
        .where("environment", "=", environment)
        .execute();
      return rows.map(toRecord);
    },
    ofVersion: async (key, version) => {
      const rows = await inOrder(read)
        .innerJoin("publishes", "publishes.id", "promotions.publish_id")
        .where("publishes.repository", "=", key.repository)
        .where("publishes.chart", "=", key.chart)
        .where("publishes.version", "=", version)
        .execute();
      return rows.map(toRecord);
    },
    held: (limit) => held(read, limit),
  };
}

async function held(read: Queries, limit: number): Promise<readonly HeldRecord[]> {
  const rows = await read
    .selectFrom("promotions")
    .innerJoin("publishes", "publishes.id", "promotions.publish_id")
    .selectAll("promotions")
    .select("publishes.version as version")
    .where("promotions.state", "in", HELD)
    .orderBy("publishes.at", "desc")
    .orderBy("publishes.id", "desc")
    .orderBy("promotions.repository_id")
    .orderBy("promotions.environment")
    .limit(limit)
    .execute();
  return rows.flatMap(({ version, ...row }) => {
    const { state, ...record } = toRecord(row);
    return state === "waiting" || state === "refused" ? [{ ...record, state, version }] : [];
  });
}

const HELD = ["waiting", "refused"] as const;

function inOrder(db: Queries) {
  return db
    .selectFrom("promotions")
    .selectAll("promotions")
    .orderBy("promotions.repository_id")
    .orderBy("promotions.environment")
    .orderBy("promotions.publish_id");
}

/**
 * Returns the new states of the records. `from`: only promotions in one of these states are changed. Changes become
 * history events at `at`. The first statement changes states, and so reveals which ones changed; the second one updates
 * the other columns of records whose state stays.
 */
export async function record(
  db: Queries,
  records: readonly PromotionRecord[],
  { from, at }: { readonly from?: readonly PromotionState[]; readonly at: Date },
): Promise<readonly PromotionState[]> {
  const states: PromotionState[] = [];
  for (const some of chunks(inKeyOrder(records))) {
    const changed = await write(db, some, { from, changing: true });
    states.push(...changed.map(({ state }) => state));
    if (changed.length < some.length) await write(db, some, { from, changing: false });
    await remember(db, changed, at);
  }
  return states;
}

async function remember(db: Queries, changed: readonly PromotionRow[], at: Date): Promise<void> {
  const ids = changed.map((row) => row.publish_id);
  if (ids.length === 0) return;
  const known = await db.selectFrom("publishes").select(["id", "version"]).where("id", "in", ids).execute();
  const versions = new Map(known.map(({ id, version }) => [id, version]));
  await keepEvents(db, promotionEvents(changed, versions, at));
}

async function write(
  db: Queries,
  rows: readonly PromotionRow[],
  which: { readonly from: readonly PromotionState[] | undefined; readonly changing: boolean },
): Promise<readonly PromotionRow[]> {
  const { from, changing } = which;
  return db
    .insertInto("promotions")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["publish_id", "repository_id", "environment"])
        .doUpdateSet((given) => ({
          chart: given.ref("excluded.chart"),
          state: given.ref("excluded.state"),
          because: given.ref("excluded.because"),
          help: given.ref("excluded.help"),
          pull_request_number: given.ref("excluded.pull_request_number"),
          pull_request_url: given.ref("excluded.pull_request_url"),
        }))
        .where((is) =>
          is.and([
            is("promotions.state", changing ? "!=" : "=", is.ref("excluded.state")),
            ...(from ? [is("promotions.state", "in", from)] : []),
          ]),
        ),
    )
    .returningAll()
    .execute();
}

/** One for each key, the last; sorted, so that replicas lock the rows in the same order. */
function inKeyOrder(records: readonly PromotionRecord[]): readonly PromotionRow[] {
  const latest = new Map(records.map((one) => [keyOf(one), one]));
  return [...latest].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => toRow(one));
}

function keyOf(record: PromotionRecord): string {
  return JSON.stringify([record.publishId, record.repositoryId, record.environment]);
}

function toRow(record: PromotionRecord): PromotionRow {
  return {
    publish_id: record.publishId,
    repository_id: record.repositoryId,
    environment: record.environment,
    chart: record.chart,
    state: record.state,
    because: column.text(record.because),
    help: record.state === "refused" && record.help !== undefined ? column.text(record.help) : null,
    pull_request_number: record.pullRequest?.number ?? null,
    pull_request_url: record.pullRequest?.url ?? null,
  };
}

export function toRecord(row: PromotionRow): PromotionRecord {
  const { pull_request_number: number, pull_request_url: url } = row;
  return {
    publishId: row.publish_id,
    repositoryId: row.repository_id,
    environment: row.environment,
    chart: row.chart,
    state: row.state,
    because: row.because,
    ...(row.help !== null && { help: row.help }),
    ...(number === null || url === null ? {} : { pullRequest: { number, url } }),
  };
}
