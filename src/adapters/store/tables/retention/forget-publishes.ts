// Publishes that were overtaken: which may be forgotten, and how.

import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { type Expression, type SqlBool, sql } from "kysely";
import type { PublishTerms } from "../../../../reconcile/ports/retention.ts";
import type { Database, Queries } from "../../database.ts";

/** Bounds how long one unit of work holds the event loop. */
const AT_ONCE = 50;
/** Between two of them, so that a long past is forgotten beside the work of the day. */
const PAUSE_MS = 10;

/** Forgets those of one chart, of one publisher, and that were rejected long ago; answers how many. */
export async function forgetPublishes(database: Database, terms: PublishTerms): Promise<number> {
  let forgotten = 0;
  for (const group of [
    ...(await crowdedCharts(database.read, terms)),
    ...(await crowdedPublishers(database.read, terms)),
  ])
    forgotten += await forgetBehind(database, group, terms);
  return forgotten + (await forgetAll(database, (db) => rejectedLongAgo(db, terms)));
}

/** Publishes of which only the newest are kept. */
interface Group {
  readonly kept: number;
  readonly members: (db: Queries) => ReturnType<typeof publishesIn>;
}

function publishesIn(db: Queries) {
  return db.selectFrom("publishes");
}

/** Counted in whatever state, which is read of an index alone. */
async function crowdedCharts(db: Queries, { ofChart: kept }: PublishTerms): Promise<readonly Group[]> {
  const found = await db
    .selectFrom("publishes")
    .select(["chart", "repository"])
    .groupBy(["chart", "repository"])
    .having(({ fn }) => fn.countAll(), ">", kept)
    .execute();
  return found.map(({ chart, repository }) => ({
    kept,
    members: (db) =>
      publishesIn(db)
        .where("chart", "=", chart)
        .where("repository", "=", repository)
        .where("state", "=", "verified"),
  }));
}

/** Of those that are rejected, or whose chart nobody depends on. */
async function crowdedPublishers(
  db: Queries,
  { ofPublisher: kept }: PublishTerms,
): Promise<readonly Group[]> {
  const found = await db
    .selectFrom("publishes")
    .select("publisher")
    .groupBy("publisher")
    .having(({ fn }) => fn.countAll(), ">", kept)
    .execute();
  const isNobodys = sql<SqlBool>`(state = 'rejected' or (state = 'verified' and not exists (select 1 from dependents
    where dependents.chart = publishes.chart and dependents.chart_repository = publishes.repository)))`;
  return found.map(({ publisher }) => ({
    kept,
    members: (db) => publishesIn(db).where("publisher", "=", publisher).where(isNobodys),
  }));
}

/** Those behind the newest, as far as they are spare. */
async function forgetBehind(
  database: Database,
  { kept, members }: Group,
  terms: PublishTerms,
): Promise<number> {
  await setImmediate(); // SQLite answers at once, and there may be many groups
  const first = await members(database.read)
    .select(["id", "at"])
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .offset(kept)
    .limit(1)
    .executeTakeFirst();
  if (first === undefined) return 0;
  const { at, id } = first;
  const isBehind = sql<SqlBool>`publishes.at <= ${at} and (publishes.at < ${at} or publishes.id <= ${id})`;
  return forgetAll(database, (db) =>
    members(db).select("id").where(isBehind).where(isSpare(terms)).limit(AT_ONCE).execute(),
  );
}

/** Some at a time, each time as they are found then. */
async function forgetAll(
  database: Database,
  find: (db: Queries) => Promise<readonly { readonly id: string }[]>,
): Promise<number> {
  for (let forgotten = 0; ; ) {
    const some = await database.write(async (db) => forget(db, await find(db)));
    if (some === 0) return forgotten;
    forgotten += some;
    await sleep(PAUSE_MS);
  }
}

async function forget(db: Queries, publishes: readonly { readonly id: string }[]): Promise<number> {
  if (publishes.length === 0) return 0;
  const ids = publishes.map(({ id }) => id);
  await db.deleteFrom("promotions").where("publish_id", "in", ids).execute();
  await db.deleteFrom("traced_calls").where("publish_id", "in", ids).execute();
  await db.deleteFrom("publishes").where("id", "in", ids).execute();
  return ids.length;
}

/** JSON escapes quotes within texts, so that a code is found nowhere but where it stands. */
function rejectedLongAgo(db: Queries, terms: PublishTerms): Promise<readonly { readonly id: string }[]> {
  return publishesIn(db)
    .select("id")
    .where("state", "=", "rejected")
    .where("at", "<", terms.rejectedSince.getTime())
    .where((is) =>
      is.or([
        is("problem", "not like", '%"code":"chart-digest"%'),
        is("at", "<", terms.otherBytesSince.getTime()),
      ]),
    )
    .where(isSpare(terms))
    .limit(AT_ONCE)
    .execute();
}

/** Nobody has still to reconcile it, it is under way nowhere, and it is not one of those that were deployed last. */
function isSpare({ deployed }: PublishTerms): Expression<SqlBool> {
  return sql<SqlBool>`(not exists (select 1 from routes where routes.publish_id = publishes.id)
    and not exists (select 1 from promotions own where own.publish_id = publishes.id and (
      own.state in ('proposed', 'merged', 'deploying')
      or (own.state in ('deployed', 'failed') and (select count(*) from (
        select 1 from promotions other join publishes later on later.id = other.publish_id
        where other.repository_id = own.repository_id and other.environment = own.environment
          and other.chart = own.chart and other.state in ('deployed', 'failed')
          and later.repository = publishes.repository and later.at > publishes.at
        limit ${deployed}) as newer) < ${deployed}))))`;
}
