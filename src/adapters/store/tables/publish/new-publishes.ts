// Stores a new publish together with its history event, webhook id and work item.

import type { Queries } from "../../database.ts";
import type { Claims, QueueMark } from "../../queue/claims.ts";
import type { HistoryRow, PublishRow, WebhookRow } from "../../schema.ts";

export interface NewPublish {
  readonly publish: PublishRow;
  readonly event: HistoryRow;
  readonly webhook?: WebhookRow;
  readonly mark?: QueueMark;
}

/** False, and nothing is stored, when its version or webhook id is known already. */
export type KeepNew = (one: NewPublish) => Promise<boolean>;

export async function keepNew(
  db: Queries,
  { publish, event, webhook, mark }: NewPublish,
  put: Claims["put"],
): Promise<boolean> {
  if (webhook && (await publishIdOf(db, webhook)) !== undefined) return false;
  const kept = await db
    .insertInto("publishes")
    .values(publish)
    .onConflict((conflict) => conflict.columns(["repository", "chart", "version"]).doNothing())
    .executeTakeFirst();
  if (kept.numInsertedOrUpdatedRows !== 1n) return false;
  await db
    .insertInto("history")
    .values(event)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (webhook) await noteWebhook(db, webhook);
  if (mark) await put(db, [mark]);
  return true;
}

/** An id whose publish was deleted counts as unknown. */
async function publishIdOf(db: Queries, webhook: WebhookRow): Promise<string | undefined> {
  const row = await db
    .selectFrom("webhooks")
    .innerJoin("publishes", "publishes.id", "webhooks.publish_id")
    .select("publishes.id")
    .where("webhooks.publisher", "=", webhook.publisher)
    .where("webhooks.webhook_id", "=", webhook.webhook_id)
    .executeTakeFirst();
  return row?.id;
}

export async function noteWebhook(db: Queries, webhook: WebhookRow): Promise<void> {
  await db
    .insertInto("webhooks")
    .values(webhook)
    .onConflict((conflict) =>
      conflict.columns(["publisher", "webhook_id"]).doUpdateSet((given) => ({
        publish_id: given.ref("excluded.publish_id"),
        at: given.ref("excluded.at"),
      })),
    )
    .execute();
}
