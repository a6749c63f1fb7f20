// Deletes deployments that ended long ago, with the calls of their deployers.

import { setImmediate } from "node:timers/promises";
import type { DeploymentTerms } from "../../../../reconcile/ports/store/retention.ts";
import * as column from "../../columns.ts";
import type { Database, Queries } from "../../database.ts";
import type { DeploymentRow } from "../../schema.ts";

/** Bounds how long one transaction blocks the event loop. */
const AT_ONCE = 100;
const ENDED = ["success", "failure", "error", "inactive"] as const;

type Place = Pick<DeploymentRow, "repository_id" | "environment">;
type Old = Pick<DeploymentRow, "sha" | "intent" | "github_id" | "repeats">;

/** Returns how many were deleted. */
export async function forgetDeployments(database: Database, terms: DeploymentTerms): Promise<number> {
  const { read } = database;
  let forgotten = 0;
  for (let place = await nextPlace(read); place; place = await nextPlace(read, place)) {
    if (await newestToForget(read, place, terms)) forgotten += await forgetIn(database, place, terms);
    await setImmediate();
  }
  return forgotten;
}

/** By the index on environments: at most two look-ups, however many deployments there are. */
async function nextPlace(db: Queries, last?: Place): Promise<Place | undefined> {
  const first = db.selectFrom("deployments").select(["repository_id", "environment"]).limit(1);
  const inOrder = first.orderBy("repository_id").orderBy("environment");
  if (last === undefined) return inOrder.executeTakeFirst();
  const ofSame = first.where("repository_id", "=", last.repository_id).orderBy("environment");
  return (
    (await ofSame.where("environment", ">", last.environment).executeTakeFirst()) ??
    (await inOrder.where("repository_id", ">", last.repository_id).executeTakeFirst())
  );
}

/** In batches. */
async function forgetIn(database: Database, place: Place, terms: DeploymentTerms): Promise<number> {
  for (let forgotten = 0; ; ) {
    const some = await database.write(async (db) => {
      const old = await oldIn(db, place, terms);
      await noteHeals(db, place, old);
      for (const one of old) await forget(db, place, one);
      return old.length;
    });
    if (some === 0) return forgotten;
    forgotten += some;
  }
}

async function oldIn(db: Queries, place: Place, terms: DeploymentTerms): Promise<readonly Old[]> {
  const newest = await newestToForget(db, place, terms);
  if (newest === undefined) return [];
  const before = Math.min(newest.created_at + 1, terms.since.getTime());
  return inPlace(db.selectFrom("deployments"), place)
    .select(["sha", "intent", "github_id", "repeats"])
    .where("created_at", "<", before)
    .where("state", "in", ENDED)
    .orderBy("created_at")
    .limit(AT_ONCE)
    .execute();
}

/** The newest deployment beyond the number that is kept. */
function newestToForget(db: Queries, place: Place, { ofEnvironment }: DeploymentTerms) {
  return inPlace(db.selectFrom("deployments"), place)
    .select("created_at")
    .orderBy("created_at", "desc")
    .offset(ofEnvironment)
    .limit(1)
    .executeTakeFirst();
}

async function noteHeals(db: Queries, place: Place, old: readonly Old[]): Promise<void> {
  const count = old.filter(({ repeats }) => repeats && column.repeat(repeats).task === "heal").length;
  if (count === 0) return;
  await db
    .insertInto("forgotten_heals")
    .values({ ...place, count })
    .onConflict((conflict) =>
      conflict.columns(["repository_id", "environment"]).doUpdateSet((is) => ({
        count: is("forgotten_heals.count", "+", count),
      })),
    )
    .execute();
}

async function forget(db: Queries, place: Place, { sha, intent, github_id: id }: Old): Promise<void> {
  if (id !== null) await db.deleteFrom("calls").where("deployment_id", "=", id).execute();
  const ofPlace = inPlace(db.deleteFrom("deployments"), place);
  await ofPlace.where("sha", "=", sha).where("intent", "=", intent).execute();
}

interface InPlace<Self> {
  where(name: "repository_id" | "environment", operator: "=", value: number | string): Self;
}

function inPlace<Query extends InPlace<Query>>(query: Query, place: Place): Query {
  return query.where("repository_id", "=", place.repository_id).where("environment", "=", place.environment);
}
