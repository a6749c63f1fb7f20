// Deletes superseded publishes, in short steps that each examine a limited number of them, whether they may be deleted
// or not.

import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ChartKey } from "../../../../domain/model/publish.ts";
import type { PublishTerms } from "../../../../reconcile/ports/store/retention.ts";
import type { Database, Queries } from "../../database.ts";

/** Publishes examined in one step, which bounds how long it blocks the event loop. */
const AT_ONCE = 100;
/** Pause after a step that deleted something, so that other work runs in between. */
const PAUSE_MS = 10;

/** Deletes those of each chart, those of each publisher, and those that were rejected long ago; returns how many. */
export async function forgetPublishes(database: Database, terms: PublishTerms): Promise<number> {
  let forgotten = 0;
  for await (const { chart, repository } of crowdedCharts(database.read, terms)) {
    const ofChart = (db: Queries) =>
      from(db)
        .where("chart", "=", chart)
        .where("repository", "=", repository)
        .where("state", "=", "verified");
    forgotten += await forgetOvertaken(database, { ...terms, kept: terms.ofChart, members: ofChart });
  }
  for await (const publisher of publishersIn(database.read)) {
    const ofPublisher = (db: Queries) => from(db).where("publisher", "=", publisher);
    if (await hasMoreThan(terms.ofPublisher, ofPublisher(database.read)))
      forgotten += await forgetOvertaken(database, {
        ...{ ...terms, kept: terms.ofPublisher, members: ofPublisher },
        counts: IS_NOBODYS,
      });
  }
  const rejected = (db: Queries) =>
    from(db).where("state", "=", "rejected").where("at", "<", terms.rejectedSince.getTime());
  return forgotten + (await forgetOvertaken(database, { ...terms, members: rejected, counts: isOld(terms) }));
}

function from(db: Queries) {
  return db.selectFrom("publishes");
}

/** Charts with more publishes than are kept, in whatever state: read from an index alone, in parts. */
async function* crowdedCharts(db: Queries, { ofChart: kept }: PublishTerms): AsyncGenerator<ChartKey> {
  const part = Math.max(5 * AT_ONCE, kept + 1);
  for (let after: ChartKey | undefined = { chart: "", repository: "" }; after; ) {
    await setImmediate(); // SQLite answers synchronously
    const { chart, repository }: ChartKey = after;
    const rows = await from(db)
      .select(["chart", "repository"])
      .where(sql<SqlBool>`(chart, repository) > (${chart}, ${repository})`)
      .orderBy("chart")
      .orderBy("repository")
      .limit(part)
      .execute();
    const runs = runsOf(rows);
    yield* runs.filter(({ count }) => count > kept);
    after = rows.length < part ? undefined : lastWhole(runs, kept);
  }
}

interface Run extends ChartKey {
  count: number;
}

/** Number of consecutive equal rows. */
function runsOf(rows: readonly ChartKey[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { chart, repository } of rows) {
    const last = runs.at(-1);
    if (last?.chart === chart && last.repository === repository) last.count += 1;
    else runs.push({ chart, repository, count: 1 });
  }
  return runs;
}

/** The last one may have more rows than were read; it is left out unless it has enough already. */
function lastWhole(runs: readonly Run[], kept: number): ChartKey | undefined {
  const last = runs.at(-1);
  return last && last.count > kept ? last : runs.at(-2);
}

async function* publishersIn(db: Queries): AsyncGenerator<string> {
  for (let last = ""; ; ) {
    await setImmediate();
    const next = await from(db)
      .select("publisher")
      .where("publisher", ">", last)
      .orderBy("publisher")
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return;
    yield next.publisher;
    last = next.publisher;
  }
}

async function hasMoreThan(count: number, members: ReturnType<typeof from>): Promise<boolean> {
  const next = await members.select("id").orderBy("at", "desc").offset(count).limit(1).executeTakeFirst();
  return next !== undefined;
}

interface Group extends PublishTerms {
  readonly members: (db: Queries) => ReturnType<typeof from>;
  /** A condition for its members; absent: all. */
  readonly counts?: RawBuilder<SqlBool>;
  /** How many of the newest are kept; absent: none. */
  readonly kept?: number;
}

/** The position of the walk, from the newest to the oldest. */
interface Walk {
  readonly after?: { readonly at: number; readonly id: string };
  readonly seen: number;
  readonly forgotten: number;
}

/** Those behind the newest, as far as they are spare. */
async function forgetOvertaken(database: Database, group: Group): Promise<number> {
  for (let walk: Walk = { seen: 0, forgotten: 0 }; ; ) {
    const now = walk;
    const step = await database.write((db) => forgetSome(db, group, now));
    if (step.after === undefined) return step.forgotten;
    await (step.forgotten > walk.forgotten ? sleep(PAUSE_MS) : setImmediate());
    walk = step;
  }
}

/** Returns the next position; without `after` at the end. */
async function forgetSome(db: Queries, group: Group, { after, seen, forgotten }: Walk): Promise<Walk> {
  const { members, counts = sql<SqlBool>`true`, kept = 0 } = group;
  const rows = await members(db)
    .select(["id", "at", counts.as("counts"), isSpare(group).as("spare")])
    .$if(after !== undefined, (query) =>
      query.where(sql<SqlBool>`(publishes.at, publishes.id) < (${after?.at}, ${after?.id})`),
    )
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(AT_ONCE)
    .execute();
  const counted = rows.filter((row) => Boolean(row.counts));
  const beyond = counted.slice(Math.max(0, kept - seen)).filter(({ spare }) => Boolean(spare));
  await forget(
    db,
    beyond.map(({ id }) => id),
  );
  const last = rows.length < AT_ONCE ? undefined : rows.at(-1);
  return {
    ...(last && { after: { at: last.at, id: last.id } }),
    seen: seen + counted.length,
    forgotten: forgotten + beyond.length,
  };
}

async function forget(db: Queries, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.deleteFrom("promotions").where("publish_id", "in", ids).execute();
  await db.deleteFrom("traced_calls").where("publish_id", "in", ids).execute();
  await db.deleteFrom("publishes").where("id", "in", ids).execute();
}

/** Rejected, or of a chart that no config repository depends on. */
const IS_NOBODYS = sql<SqlBool>`(state = 'rejected' or (state = 'verified' and not exists (select 1 from dependents
  where dependents.chart = publishes.chart and dependents.chart_repository = publishes.repository)))`;

/** Rejected long ago. JSON escapes quotes inside of text, so the pattern matches only the code itself. */
function isOld({ otherBytesSince }: PublishTerms): RawBuilder<SqlBool> {
  return sql<SqlBool>`(problem not like '%"code":"chart-digest"%' or publishes.at < ${otherBytesSince.getTime()})`;
}

/**
 * No config repository has to plan for it, no promotion or deployment of it is in progress, and it is not among the
 * last deployed ones.
 */
function isSpare({ deployed }: PublishTerms): RawBuilder<SqlBool> {
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
