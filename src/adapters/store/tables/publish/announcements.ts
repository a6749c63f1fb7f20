// What an announcement becomes: a publish, a repeat of one, or a conflict with one; and how much of what was announced waits.

import { sql } from "kysely";
import { type Announcement, bytesOf, type ChartKey, type Publish } from "../../../../domain/model/publish.ts";
import type { Accepted, Publishes } from "../../../../reconcile/ports/store.ts";
import type { Database, Queries } from "../../database.ts";
import { type Claims, markOf } from "../../queue/claims.ts";
import type { PublishRow } from "../../schema.ts";
import type { StateObserver } from "../../state-observer.ts";
import { together } from "../../together.ts";
import { publishEvent } from "../facts-to-remember.ts";
import { keepEvents } from "../history.ts";
import { toPublish } from "./publish-row.ts";
import { route } from "./routes.ts";

type About = Parameters<Publishes["accept"]>[1];

interface Said {
  readonly announcement: Announcement;
  readonly about: About;
}

/** In one transaction. */
const ACCEPTED_AT_ONCE = 100;

export interface InboxTerms {
  readonly states: StateObserver;
  readonly put: Claims["put"];
  /** Tells the queue that there is a new mark. */
  readonly wake: () => void;
}

export function announcing(
  database: Database,
  { states, put, wake }: InboxTerms,
): Pick<Publishes, "accept" | "acceptRepeat" | "waitingOf"> {
  const { read } = database;
  const enqueue = async (db: Queries, kept: readonly Accepted[], abouts: readonly About[]) => {
    const works = kept.flatMap((one, n) => abouts[n]?.workFor?.(one) ?? []);
    if (works.length > 0) await put(db, works.map(markOf));
  };
  const write = (all: readonly Said[], accept: (db: Queries) => Promise<readonly Accepted[]>) =>
    database.write(async (db) => {
      const kept = await accept(db);
      await enqueue(
        db,
        kept,
        all.map(({ about }) => about),
      );
      return kept;
    });
  const acceptSoon = together(
    (all: readonly Said[]) => write(all, (db) => acceptAll(db, all)),
    ACCEPTED_AT_ONCE,
  );
  const acceptById = async (said: Said): Promise<Accepted> => {
    const [kept] = await write([said], async (db) => [await accept(db, said)]);
    if (kept === undefined) throw new Error("an announcement was kept without an answer");
    return kept;
  };
  return {
    accept: async (announcement, about) => {
      const said = { announcement, about };
      const accepted = await (about.webhookId === undefined ? acceptSoon(said) : acceptById(said));
      if (about.workFor) wake();
      states.publish(accepted.kind);
      if (accepted.kind === "accepted") states.event([]);
      return accepted;
    },
    acceptRepeat: async (announcement, about) => {
      const repeat = await database.write(async (db) => {
        const kept = await acceptRepeat(db, announcement, about);
        if (kept) await enqueue(db, [kept], [about]);
        return kept;
      });
      if (repeat === undefined) return undefined;
      if (about.workFor) wake();
      states.publish(repeat.kind);
      return repeat;
    },
    waitingOf: (publisher) => waitingOf(read, publisher),
  };
}

async function acceptAll(db: Queries, all: readonly Said[]): Promise<readonly Accepted[]> {
  const inserted = await insertAll(db, all);
  const accepted: Accepted[] = [];
  for (const { announcement, about } of all) {
    const publish = inserted.get(about.id);
    accepted.push(publish ? { kind: "accepted", publish } : await merge(db, announcement));
  }
  return accepted;
}

/** Of one whose id may be known. */
async function accept(db: Queries, said: Said): Promise<Accepted> {
  const { announcement, about } = said;
  const known = await publishOfWebhook(db, announcement.publisher, about.webhookId);
  if (known !== undefined) return { kind: "repeat", publish: known };
  const inserted = (await insertAll(db, [said])).get(about.id);
  const accepted: Accepted = inserted
    ? { kind: "accepted", publish: inserted }
    : await merge(db, announcement);
  await noteWebhook(db, accepted, said);
  return accepted;
}

/** `undefined` where more would wait than before: it is new, is to be verified anew, or brings more to a publish that waits. */
async function acceptRepeat(
  db: Queries,
  announcement: Announcement,
  about: About,
): Promise<Accepted | undefined> {
  const known = await publishOfWebhook(db, announcement.publisher, about.webhookId);
  if (known !== undefined) return { kind: "repeat", publish: known };
  const kept = await lock(db, announcement);
  if (kept === undefined) return undefined;
  const merge = mergeOf(kept, announcement);
  if (merge.kind === "set" && merge.columns.bytes > merge.room) return undefined;
  const repeat = await apply(db, kept, merge);
  await noteWebhook(db, repeat, { announcement, about });
  return repeat;
}

async function noteWebhook(db: Queries, accepted: Accepted, { announcement, about }: Said): Promise<void> {
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

/** By id, those of versions that were not known yet; of one version, the first. In the order of the versions, so that no two transactions wait for each other. */
async function insertAll(db: Queries, all: readonly Said[]): Promise<ReadonlyMap<string, Publish>> {
  const sorted = all.toSorted((one, other) => (versionKey(one) < versionKey(other) ? -1 : 1));
  const rows = await db
    .insertInto("publishes")
    .values(sorted.map(toRow))
    .onConflict((conflict) => conflict.columns(["repository", "chart", "version"]).doNothing())
    .returningAll()
    .execute();
  const publishes = rows.map(toPublish);
  if (publishes.length > 0) {
    await keepEvents(
      db,
      publishes.map((publish) => publishEvent("published", publish, { at: publish.at })),
    );
  }
  return new Map(publishes.map((publish) => [publish.id, publish]));
}

function versionKey({ announcement: { repository, chart, version } }: Said): string {
  return JSON.stringify([repository, chart, version]);
}

function toRow({ announcement, about }: Said): PublishRow {
  return {
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
    looked_at: null,
    app_version: null,
    changed_since: null,
    bytes: bytesOf(announcement),
  };
}

async function merge(db: Queries, announcement: Announcement): Promise<Accepted> {
  const kept = await lock(db, announcement);
  if (kept === undefined) throw new Error("a publish that is known is gone within a transaction");
  return apply(db, kept, mergeOf(kept, announcement));
}

type Merge =
  | { readonly kind: "conflict" }
  | { readonly kind: "unchanged" }
  | {
      readonly kind: "set";
      readonly columns: Partial<PublishRow> & Pick<PublishRow, "bytes">;
      readonly isNews: boolean;
      /** How many bytes may be kept of it without more waiting than before: any number, of what is verified. */
      readonly room: number;
    };

/** What a repeat changes of the publish that stands. */
function mergeOf(kept: Publish, announcement: Announcement): Merge {
  const hasOtherBytes = kept.state === "rejected" && kept.problem?.code === "chart-digest";
  const settled = kept.state === "rejected" && !hasOtherBytes ? undefined : kept.digest;
  if (settled !== undefined && announcement.digest !== undefined && settled !== announcement.digest) {
    return { kind: "conflict" };
  }
  if (hasOtherBytes) return { kind: "unchanged" };
  const values = Object.keys(kept.values).length === 0 ? announcement.values : kept.values;
  const source = { ...kept.source, ...announcement.source, ...kept.source };
  const filled = {
    digest: announcement.digest ?? kept.digest ?? null,
    chart_values: JSON.stringify(values),
    source: JSON.stringify(source),
    publisher: isByChance(kept) && !isByChance(announcement) ? announcement.publisher : kept.publisher,
    bytes: bytesOf({ values, source }),
  };
  const isNews =
    kept.state === "rejected" ||
    filled.chart_values !== JSON.stringify(kept.values) ||
    filled.source !== JSON.stringify(kept.source) ||
    filled.publisher !== kept.publisher;
  const anew = isNews &&
    kept.state !== "verified" && {
      ...{ state: "accepted" as const, problem: null },
      ...{ missing_since: null, looked_at: null },
    };
  const room = { accepted: bytesOf(kept), verified: Number.POSITIVE_INFINITY, rejected: 0 };
  return { kind: "set", columns: { ...filled, ...anew }, isNews, room: room[kept.state] };
}

async function apply(db: Queries, kept: Publish, merge: Merge): Promise<Accepted> {
  if (merge.kind === "conflict") return { kind: "conflict", publish: kept };
  if (merge.kind === "unchanged") return { kind: "repeat", publish: kept };
  if (merge.isNews && kept.state === "verified") await route(db, [kept.id], await dependentsOf(db, kept));
  const row = await db
    .updateTable("publishes")
    .set(merge.columns)
    .where("id", "=", kept.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { kind: "repeat", publish: toPublish(row) };
}

/** Literal, so that engines see that the index of what waits is enough. */
async function waitingOf(
  db: Queries,
  publisher: string,
): Promise<{ readonly count: number; readonly bytes: number }> {
  return db
    .selectFrom("publishes")
    .select(({ fn }) => [
      fn.countAll<number>().as("count"),
      fn.coalesce(fn.sum<number>("bytes"), sql<number>`0`).as("bytes"),
    ])
    .where("publisher", "=", publisher)
    .where(sql<boolean>`state = 'accepted'`)
    .executeTakeFirstOrThrow();
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
async function lock(db: Queries, key: ChartKey & { readonly version: string }): Promise<Publish | undefined> {
  const row = await db
    .updateTable("publishes")
    .set((expression) => ({ at: expression.ref("at") }))
    .where("repository", "=", key.repository)
    .where("chart", "=", key.chart)
    .where("version", "=", key.version)
    .returningAll()
    .executeTakeFirst();
  return row && toPublish(row);
}

/** By a poll (`poll:…`), an upload that passed through (`museum…`) or a comment (`command:…`): nobody announced it yet. */
function isByChance(publish: Announcement): boolean {
  return /^(poll:|museum(:|$)|command:)/.test(publish.publisher);
}
