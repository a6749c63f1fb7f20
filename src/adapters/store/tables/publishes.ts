// Publishes: one row stands for each (repository, chart, version), whoever announced it and however often.

import type { Problem } from "../../../domain/model/problem.ts";
import type {
  Announcement,
  ChartChange,
  ChartKey,
  Publish,
  PublishState,
} from "../../../domain/model/publish.ts";
import type { Accepted, Publishes } from "../../../reconcile/ports/store.ts";
import * as column from "../columns.ts";
import type { Database, Queries } from "../database.ts";
import { type Claims, markOf } from "../queue/claims.ts";
import type { PublishRow } from "../schema.ts";
import type { StateObserver } from "../state-observer.ts";
import { publishEvent } from "./facts-to-remember.ts";
import { keepEvents } from "./history.ts";
import { createRoutes, route } from "./routes.ts";

type About = Parameters<Publishes["accept"]>[1];

interface PublishTerms {
  readonly states: StateObserver;
  readonly put: Claims["put"];
  /** Tells the queue that there is a new mark. */
  readonly wake: () => void;
}

export function createPublishes(database: Database, { states, put, wake }: PublishTerms): Publishes {
  const { read } = database;
  return {
    accept: async (announcement, about) => {
      const accepted = await database.write(async (db) => {
        const kept = await accept(db, announcement, about);
        const work = about.workFor?.(kept);
        if (work) await put(db, [markOf(work)]);
        return kept;
      });
      if (about.workFor) wake();
      states.publish(accepted.kind);
      if (accepted.kind === "accepted") states.event([]);
      return accepted;
    },
    get: async (id) => {
      const row = await read.selectFrom("publishes").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toPublish(row);
    },
    find: async (key, version) => {
      const row = await read
        .selectFrom("publishes")
        .selectAll()
        .where("repository", "=", key.repository)
        .where("chart", "=", key.chart)
        .where("version", "=", version)
        .executeTakeFirst();
      return row && toPublish(row);
    },
    list: (filter) => list(read, filter),
    verifiedOf: (charts, limit) => verifiedOf(read, charts, limit),
    verify: async (id, found) => {
      const at = database.clock();
      if (!(await database.write((db) => verify(db, id, { ...found, at })))) return;
      states.publish("verified");
      states.event([]);
    },
    reject: async (id, problem) => {
      const at = database.clock();
      if (!(await database.write((db) => reject(db, id, { problem, at })))) return;
      states.publish("rejected");
      states.event([]);
    },
    noteChange: (id, change, routes) => database.write((db) => noteChange(db, id, { change, routes })),
    wait: (id, problem, missingSince) => database.write((db) => wait(db, id, { problem, missingSince })),
    ...createRoutes(database),
  };
}

async function accept(db: Queries, announcement: Announcement, about: About): Promise<Accepted> {
  const known = await publishOfWebhook(db, announcement.publisher, about.webhookId);
  if (known !== undefined) return { kind: "repeat", publish: known };
  const accepted = (await insert(db, announcement, about)) ?? (await merge(db, announcement));
  if (about.webhookId !== undefined && accepted.kind !== "conflict") {
    await db
      .insertInto("webhooks")
      .values({
        publisher: announcement.publisher,
        webhook_id: about.webhookId,
        publish_id: accepted.publish.id,
        at: about.at.getTime(),
      })
      .onConflict((conflict) =>
        conflict.columns(["publisher", "webhook_id"]).doUpdateSet((given) => ({
          publish_id: given.ref("excluded.publish_id"),
          at: given.ref("excluded.at"),
        })),
      )
      .execute();
  }
  return accepted;
}

async function publishOfWebhook(
  db: Queries,
  publisher: string,
  webhookId: string | undefined,
): Promise<Publish | undefined> {
  if (webhookId === undefined) return undefined;
  const row = await db
    .selectFrom("publishes")
    .innerJoin("webhooks", "webhooks.publish_id", "publishes.id")
    .selectAll("publishes")
    .where("webhooks.publisher", "=", publisher)
    .where("webhooks.webhook_id", "=", webhookId)
    .executeTakeFirst();
  return row && toPublish(row);
}

/** `undefined` when the version is known already. */
async function insert(db: Queries, announcement: Announcement, about: About): Promise<Accepted | undefined> {
  const row = await db
    .insertInto("publishes")
    .values({
      id: about.id,
      repository: announcement.repository,
      chart: announcement.chart,
      version: announcement.version,
      digest: announcement.digest ?? null,
      chart_values: JSON.stringify(announcement.values),
      source: JSON.stringify(announcement.source),
      publisher: announcement.publisher,
      at: about.at.getTime(),
      state: "accepted",
      problem: null,
      missing_since: null,
      app_version: null,
      changed_since: null,
    })
    .onConflict((conflict) => conflict.columns(["repository", "chart", "version"]).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const publish = toPublish(row);
  await keepEvents(db, [publishEvent("published", publish, { at: about.at })]);
  return { kind: "accepted", publish };
}

async function merge(db: Queries, announcement: Announcement): Promise<Accepted> {
  const kept = await lock(db, announcement);
  const hasOtherBytes = kept.state === "rejected" && kept.problem?.code === "chart-digest";
  const settled = kept.state === "rejected" && !hasOtherBytes ? undefined : kept.digest;
  if (settled !== undefined && announcement.digest !== undefined && settled !== announcement.digest) {
    return { kind: "conflict", publish: kept };
  }
  if (hasOtherBytes) return { kind: "repeat", publish: kept };
  const filled = {
    digest: announcement.digest ?? kept.digest ?? null,
    chart_values: JSON.stringify(Object.keys(kept.values).length === 0 ? announcement.values : kept.values),
    source: JSON.stringify({ ...kept.source, ...announcement.source, ...kept.source }),
    publisher: isByChance(kept) && !isByChance(announcement) ? announcement.publisher : kept.publisher,
  };
  const isNews =
    kept.state === "rejected" ||
    filled.chart_values !== JSON.stringify(kept.values) ||
    filled.source !== JSON.stringify(kept.source) ||
    filled.publisher !== kept.publisher;
  const isVerified = kept.state === "verified";
  if (isNews && isVerified) await route(db, kept.id, await dependentsOf(db, kept));
  const anew = isNews && !isVerified && { state: "accepted" as const, problem: null, missing_since: null };
  const row = await db
    .updateTable("publishes")
    .set({ ...filled, ...anew })
    .where("id", "=", kept.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { kind: "repeat", publish: toPublish(row) };
}

async function dependentsOf(db: Queries, { chart, repository }: ChartKey): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("dependents")
    .select("repository_id")
    .where("chart", "=", chart)
    .where("chart_repository", "=", repository)
    .execute();
  return rows.map((row) => row.repository_id);
}

/** Reads the publish and holds its row until the transaction ends, by an update that changes nothing. */
async function lock(db: Queries, key: ChartKey & { readonly version: string }): Promise<Publish> {
  const row = await db
    .updateTable("publishes")
    .set((expression) => ({ at: expression.ref("at") }))
    .where("repository", "=", key.repository)
    .where("chart", "=", key.chart)
    .where("version", "=", key.version)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toPublish(row);
}

/** By a poll (`poll:…`), an upload that passed through (`museum…`) or a comment (`command:…`): nobody announced it yet. */
function isByChance(publish: Announcement): boolean {
  return /^(poll:|museum(:|$)|command:)/.test(publish.publisher);
}

async function list(db: Queries, filter: Parameters<Publishes["list"]>[0]): Promise<readonly Publish[]> {
  const { state, chart } = filter;
  const rows = await db
    .selectFrom("publishes")
    .selectAll()
    .$if(state !== undefined, (query) => query.where("state", "=", state ?? "accepted"))
    .$if(chart !== undefined, (query) => query.where("chart", "=", chart ?? ""))
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(filter.limit)
    .execute();
  return rows.map(toPublish);
}

async function verifiedOf(
  db: Queries,
  charts: readonly ChartKey[],
  limit: number,
): Promise<readonly Publish[]> {
  const found = new Map<string, PublishRow>();
  for (const key of charts) {
    const rows = await db
      .selectFrom("publishes")
      .selectAll()
      .where("repository", "=", key.repository)
      .where("chart", "=", key.chart)
      .where("state", "=", "verified")
      .orderBy("at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  return [...found.values()].sort(newestFirst).map(toPublish);
}

function newestFirst(one: PublishRow, other: PublishRow): number {
  return other.at - one.at || (one.id < other.id ? 1 : -1);
}

/** Whether it came to be verified by this. */
async function verify(
  db: Queries,
  id: string,
  found: Parameters<Publishes["verify"]>[1] & { readonly at: Date },
): Promise<boolean> {
  await route(db, id, found.routes ?? []);
  const changed = await moveTo(db, id, "verified");
  if (changed) await keepEvents(db, [publishEvent("verified", changed, found)]);
  await db
    .updateTable("publishes")
    .set((expression) => ({
      problem: null,
      missing_since: null,
      changed_since: null,
      app_version: found.appVersion === undefined ? null : column.text(found.appVersion),
      digest: expression.fn.coalesce("digest", expression.val(found.digest ?? null)),
    }))
    .where("id", "=", id)
    .execute();
  return changed !== undefined;
}

/** Whether it came to be rejected by this. */
async function reject(
  db: Queries,
  id: string,
  { problem, at }: { readonly problem: Problem; readonly at: Date },
): Promise<boolean> {
  const changed = await moveTo(db, id, "rejected");
  if (changed) await keepEvents(db, [publishEvent("rejected", changed, { at, problem })]);
  await db
    .updateTable("publishes")
    .set({ problem: JSON.stringify(problem), missing_since: null })
    .where("id", "=", id)
    .execute();
  return changed !== undefined;
}

async function noteChange(
  db: Queries,
  id: string,
  { change, routes }: { readonly change: ChartChange | undefined; readonly routes: readonly number[] },
): Promise<void> {
  await route(db, id, routes);
  await db
    .updateTable("publishes")
    .set({ changed_since: change === undefined ? null : JSON.stringify(change) })
    .where("id", "=", id)
    .execute();
}

/** `undefined` when it is in this state already. */
async function moveTo(db: Queries, id: string, state: PublishState): Promise<PublishRow | undefined> {
  return db
    .updateTable("publishes")
    .set({ state })
    .where("id", "=", id)
    .where("state", "!=", state)
    .returningAll()
    .executeTakeFirst();
}

async function wait(
  db: Queries,
  id: string,
  why: { readonly problem: Problem; readonly missingSince: Date | undefined },
): Promise<void> {
  await db
    .updateTable("publishes")
    .set({ problem: JSON.stringify(why.problem), missing_since: why.missingSince?.getTime() ?? null })
    .where("id", "=", id)
    .where("state", "=", "accepted")
    .execute();
}

function toPublish(row: PublishRow): Publish {
  return {
    id: row.id,
    chart: row.chart,
    version: row.version,
    repository: row.repository,
    ...column.optional("digest", row.digest, column.same),
    values: column.values(row.chart_values),
    source: column.source(row.source),
    publisher: row.publisher,
    at: column.date(row.at),
    state: row.state,
    ...column.optional("problem", row.problem, column.problem),
    ...column.optional("missingSince", row.missing_since, column.date),
    ...column.optional("appVersion", row.app_version, column.same),
    ...column.optional("changedSince", row.changed_since, column.chartChange),
  };
}
