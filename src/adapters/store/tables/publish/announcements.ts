// Announcements: each becomes a new publish, a repeat, or a conflict; and how many publishes of a publisher wait.

import { sql } from "kysely";
import { type Announcement, bytesOf, type ChartKey, type Publish } from "../../../../domain/model/publish.ts";
import type { Accepted, Publishes } from "../../../../reconcile/ports/store/publishes.ts";
import type { Database, Queries } from "../../database.ts";
import { type Marking, markOf } from "../../queue/claims.ts";
import type { PublishRow, WebhookRow } from "../../schema.ts";
import type { StateObserver } from "../../state-observer.ts";
import { publishEvent } from "../facts-to-remember.ts";
import { toHistoryRow } from "../history.ts";
import { type KeepNew, type NewPublish, noteWebhook } from "./new-publishes.ts";
import { toPublish } from "./publish-row.ts";
import { route } from "./routes.ts";

type About = Parameters<Publishes["accept"]>[1];

interface Announced {
  readonly announcement: Announcement;
  readonly about: About;
}

export interface InboxTerms extends Marking {
  readonly states: StateObserver;
  readonly keepNew: KeepNew;
}

export function announcing(
  database: Database,
  { states, put, keepNew, wake }: InboxTerms,
): Pick<Publishes, "accept" | "acceptRepeat" | "waitingOf"> {
  const acceptKnown = (announced: Announced, bound: Bound) =>
    database.write(async (db) => {
      const kept = await merge(db, announced, bound);
      const work = kept && announced.about.workFor?.(kept);
      if (work) await put(db, [markOf(work)]);
      return kept;
    });
  /** A known publish may be deleted before it is locked; then it is accepted as new. */
  const accept = async (announced: Announced): Promise<Accepted> => {
    const one = newPublish(announced);
    if (await keepNew(one)) return { kind: "accepted", publish: toPublish(one.publish) };
    return (await acceptKnown(announced, "none")) ?? accept(announced);
  };
  const notify = (accepted: Accepted, { workFor }: About) => {
    if (workFor) wake();
    states.publish(accepted.kind);
    if (accepted.kind === "accepted") states.event([]);
    return accepted;
  };
  return {
    accept: async (announcement, about) => notify(await accept({ announcement, about }), about),
    acceptRepeat: async (announcement, about) => {
      const repeat = await acceptKnown({ announcement, about }, "what waits already");
      return repeat && notify(repeat, about);
    },
    waitingOf: (publisher) => waitingOf(database.read, publisher),
  };
}

function newPublish({ announcement, about }: Announced): NewPublish {
  const publish = toRow({ announcement, about });
  const work = about.workFor?.({ kind: "accepted", publish: toPublish(publish) });
  return {
    publish,
    event: toHistoryRow(publishEvent("published", publish, { at: about.at })),
    ...(about.webhookId !== undefined && { webhook: webhookOf(publish, { announcement, about }) }),
    ...(work && { mark: markOf(work) }),
  };
}

/** How much more may wait than before. */
type Bound = "none" | "what waits already";

/**
 * Merges an announcement into the publish with its version or webhook id. `undefined` when there is none, or when it
 * would exceed `bound`: by making a publish wait again, or a waiting one larger.
 */
async function merge(db: Queries, announced: Announced, bound: Bound): Promise<Accepted | undefined> {
  const { announcement, about } = announced;
  const known = await publishOfWebhook(db, announcement.publisher, about.webhookId);
  if (known !== undefined) return { kind: "repeat", publish: known };
  const kept = await lock(db, announcement);
  if (kept === undefined) return undefined;
  const merge = mergeOf(kept, announcement);
  if (bound !== "none" && merge.kind === "set" && merge.columns.bytes > merge.room) return undefined;
  const accepted = await apply(db, kept, merge);
  if (about.webhookId !== undefined && accepted.kind !== "conflict")
    await noteWebhook(db, webhookOf(accepted.publish, announced));
  return accepted;
}

function webhookOf({ id }: Pick<Publish, "id">, { announcement, about }: Announced): WebhookRow {
  return {
    publisher: announcement.publisher,
    webhook_id: about.webhookId ?? "",
    publish_id: id,
    at: about.at.getTime(),
  };
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

function toRow({ announcement, about }: Announced): PublishRow {
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

type Merge =
  | { readonly kind: "conflict" }
  | { readonly kind: "unchanged" }
  | {
      readonly kind: "set";
      readonly columns: Partial<PublishRow> & Pick<PublishRow, "bytes">;
      readonly isNews: boolean;
      /** The maximum size in bytes if no more may wait than before; unlimited for a verified publish. */
      readonly room: number;
    };

/** What a repeat changes in the existing publish. */
function mergeOf(kept: Publish, announcement: Announcement): Merge {
  const hasOtherBytes = kept.state === "rejected" && kept.problem?.code === "chart-digest";
  const keptDigest = kept.state === "rejected" && !hasOtherBytes ? undefined : kept.digest;
  if (keptDigest !== undefined && announcement.digest !== undefined && keptDigest !== announcement.digest) {
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

/** A literal, so that the engines use the partial index of waiting publishes. */
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

/** Reads the publish and locks its row until the transaction ends, by an update that changes nothing. */
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

/**
 * Found by a poll (`poll:…`), a forwarded upload (`museum…`) or a command (`command:…`): nobody has announced it yet.
 */
function isByChance(publish: Announcement): boolean {
  return /^(poll:|museum(:|$)|command:)/.test(publish.publisher);
}
