// Results of looking publishes up in their chart repository: one statement for all with the same result.

import { sql } from "kysely";
import type { Sighting } from "../../../../reconcile/ports/store/publishes.ts";
import * as column from "../../columns.ts";
import { chunks, type Queries } from "../../database.ts";
import type { PublishRow } from "../../schema.ts";
import { publishEvent } from "../facts-to-remember.ts";
import { keepEvents } from "../history.ts";
import { route } from "./routes.ts";

interface Terms {
  readonly routes: readonly number[];
  readonly at: Date;
}

type Changed = Pick<PublishRow, "id" | "chart" | "version" | "publisher">;

type Of<Kind extends Sighting["kind"]> = Extract<Sighting, { kind: Kind }>;

/** Returns how many were verified and rejected. */
export async function keepSightings(
  db: Queries,
  sightings: readonly Sighting[],
  { routes, at }: Terms,
): Promise<{ readonly verified: number; readonly rejected: number }> {
  const count = { verified: 0, rejected: 0 };
  for (const some of chunks(sightings)) {
    const verified = some.filter((one) => one.kind === "verified");
    const rejected = some.filter((one) => one.kind === "rejected");
    await route(
      db,
      verified.map(({ id }) => id),
      routes,
    );
    count.verified += await verify(db, verified, at);
    count.rejected += await reject(db, rejected, at);
    await wait(
      db,
      some.filter((one) => one.kind === "waiting"),
    );
  }
  return count;
}

async function verify(db: Queries, verified: readonly Of<"verified">[], at: Date): Promise<number> {
  if (verified.length === 0) return 0;
  const given = verified.map(
    ({ id, digest = null, appVersion }) =>
      sql`(${id}, cast(${digest} as text), cast(${appVersion === undefined ? null : column.text(appVersion)} as text))`,
  );
  const { rows } =
    await sql<Changed>`update publishes set state = 'verified', problem = null, missing_since = null,
      changed_since = null, digest = coalesce(publishes.digest, found.column2), app_version = found.column3
    from (values ${sql.join(given)}) as found
    where publishes.id = found.column1 and publishes.state <> 'verified'
    returning id, chart, version, publisher`.execute(db);
  await keepEvents(
    db,
    rows.map((row) => publishEvent("verified", row, { at })),
  );
  const changed = new Set(rows.map(({ id }) => id));
  await forgetChanges(
    db,
    verified.flatMap(({ id }) => (changed.has(id) ? [] : id)),
  );
  return rows.length;
}

/** For publishes that were verified before. */
async function forgetChanges(db: Queries, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable("publishes")
    .set({ changed_since: null })
    .where("id", "in", ids)
    .where("changed_since", "is not", null)
    .execute();
}

async function reject(db: Queries, rejected: readonly Of<"rejected">[], at: Date): Promise<number> {
  if (rejected.length === 0) return 0;
  const problems = new Map(rejected.map(({ id, problem }) => [id, problem]));
  const given = rejected.map(({ id, problem }) => sql`(${id}, ${JSON.stringify(problem)})`);
  const { rows } = await sql<Changed>`update publishes set state = 'rejected', problem = found.column2,
      missing_since = null
    from (values ${sql.join(given)}) as found
    where publishes.id = found.column1 and publishes.state <> 'rejected'
    returning id, chart, version, publisher`.execute(db);
  const events = rows.map((row) => {
    const problem = problems.get(row.id);
    return publishEvent("rejected", row, { at, ...(problem && { problem }) });
  });
  await keepEvents(db, events);
  return rows.length;
}

async function wait(db: Queries, waiting: readonly Of<"waiting">[]): Promise<void> {
  if (waiting.length === 0) return;
  const given = waiting.map(
    ({ id, problem, missingSince, lookedAt }) =>
      sql`(${id}, ${JSON.stringify(problem)}, cast(${missingSince?.getTime() ?? null} as bigint),
        cast(${lookedAt.getTime()} as bigint))`,
  );
  await sql`update publishes set problem = found.column2, missing_since = found.column3, looked_at = found.column4
    from (values ${sql.join(given)}) as found
    where publishes.id = found.column1 and publishes.state = 'accepted'`.execute(db);
}
