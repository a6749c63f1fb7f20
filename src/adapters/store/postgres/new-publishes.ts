// New publishes on PostgreSQL: one statement, and so one round trip, for all that arrive together. Prepared once per
// connection, since planning it takes longer than running it.

import type pg from "pg";
import type { MarkOwner } from "../../../reconcile/ports/store/queue.ts";
import { msUntilDue } from "../queue/claims.ts";
import type { KeepNew, NewPublish } from "../tables/publish/new-publishes.ts";
import { MERGE_MARKS, NOW } from "./claims.ts";
import { untilNoConflict } from "./open.ts";
import { together } from "./together.ts";

/**
 * Rows of one table in a fixed order, to avoid deadlocks; of each work item only the most urgent row, as a statement
 * may touch a row only once.
 */
const STATEMENT = `
  with given_webhooks as (select * from json_populate_recordset(null::webhooks, $1)),
  given_marks as (
    select publish_id, key, ${NOW} + due_in as due, priority, coalesce(owner,
      (select 'installation ' || installation_id from repositories where id = owner_repository), '') as owner
    from json_to_recordset($2) as given(
      publish_id text, key text, due_in bigint, priority integer, owner text, owner_repository bigint)),
  kept as (
    insert into publishes
    select given.* from json_populate_recordset(null::publishes, $3) as given
    where (select count(*) from given_webhooks
      join webhooks on (webhooks.publisher, webhooks.webhook_id) = (given_webhooks.publisher, given_webhooks.webhook_id)
      join publishes as known on known.id = webhooks.publish_id
      where given_webhooks.publish_id = given.id) = 0
    on conflict (repository, chart, version) do nothing
    returning id),
  events as (
    insert into history
    select given.* from json_populate_recordset(null::history, $4) as given join kept on kept.id = given.publish_id
    on conflict do nothing),
  noted as (
    insert into webhooks
    select given_webhooks.* from given_webhooks join kept on kept.id = given_webhooks.publish_id
    order by publisher, webhook_id
    on conflict (publisher, webhook_id) do update set publish_id = excluded.publish_id, at = excluded.at),
  marked as (
    insert into marks as mark (key, due, priority, owner)
    select key, min(due), max(priority), min(owner) from given_marks join kept on kept.id = given_marks.publish_id
    group by key order by key
    ${MERGE_MARKS})
  select id from kept`;

/** Per statement. */
const KEPT_AT_ONCE = 100;

export function keepNewOn({ pool, clock }: { readonly pool: pg.Pool; readonly clock: () => Date }): KeepNew {
  return together(async (all: readonly NewPublish[]) => {
    const sorted = all.toSorted((one, other) => (versionKey(one) < versionKey(other) ? -1 : 1));
    const values = [
      sorted.flatMap(({ webhook }) => webhook ?? []),
      sorted.flatMap((one) => markOf(one, clock)),
      sorted.map(({ publish }) => publish),
      sorted.map(({ event }) => event),
    ].map((rows) => JSON.stringify(rows));
    const { rows } = await untilNoConflict(() =>
      pool.query<{ id: string }>({ name: "keep-new-publishes", text: STATEMENT, values }),
    );
    const kept = new Set(rows.map(({ id }) => id));
    return all.map(({ publish }) => kept.has(publish.id));
  }, KEPT_AT_ONCE);
}

function markOf({ publish, mark }: NewPublish, clock: () => Date): readonly object[] {
  if (mark === undefined) return [];
  const { key, priority, owner } = mark;
  return [
    { publish_id: publish.id, key, due_in: msUntilDue(mark, clock()), priority, ...ownerColumns(owner) },
  ];
}

function ownerColumns(owner: MarkOwner | string | undefined): object {
  if (typeof owner !== "object") return { owner };
  switch (owner.kind) {
    case "outside":
      return { owner: owner.kind };
    case "publisher":
      return { owner: `publisher ${owner.name}` };
    case "installation":
      return { owner: `installation ${owner.id}` };
    case "repository":
      return { owner_repository: owner.id };
  }
}

function versionKey({ publish: { repository, chart, version } }: NewPublish): string {
  return JSON.stringify([repository, chart, version]);
}
