// Config repositories, their indexes, and the dependents of charts.

import { sql } from "kysely";
import {
  type ConfigRepository,
  nameWithOwner,
  type RepositoryIndex,
} from "../../../domain/model/github/repository.ts";
import type { PromotionRecord, PromotionState } from "../../../domain/model/publish.ts";
import type { Repositories } from "../../../reconcile/ports/store/repositories.ts";
import * as column from "../columns.ts";
import { chunks, type Database, type Queries } from "../database.ts";
import type { RepositoryRow } from "../schema.ts";
import type { StateObserver } from "../state-observer.ts";
import { record } from "./promotions.ts";

export function createRepositories(database: Database, states: StateObserver): Repositories {
  const { read } = database;
  return {
    put: (repository, from) => database.write((db) => put(db, repository, { from, at: database.clock() })),
    renew: (repository) => database.write((db) => renew(db, repository, database.clock())),
    get: async (id) => (await withIndex(read, id))?.repository,
    withIndex: (id) => withIndex(read, id),
    namesOf: (ids) => namesOf(read, ids),
    findByName: (owner, name) => findByName(read, owner, name),
    all: async () => (await inOrder(read).execute()).map(toRepository),
    ofInstallation: async (installationId) =>
      (await inOrder(read).where("installation_id", "=", installationId).execute()).map(toRepository),
    remove: async (repository, refused) => {
      const removed = await database.write((db) => remove(db, repository, { refused, at: database.clock() }));
      removed?.forEach(states.promotion);
      if (removed && removed.length > 0) states.event([repository.id]);
      return removed !== undefined;
    },
    setIndex: (id, index) => database.write((db) => setIndex(db, id, index)),
    changeIndex: (id, change) => database.write((db) => changeIndex(db, id, change)),
    index: (id) => indexOf(read, id),
    withKey: (key) => withKey(read, key),
    isAnyUnread: async () => {
      const query = read.selectFrom("repositories").select("id").where("repository_index", "is", null);
      return (await query.limit(1).executeTakeFirst()) !== undefined;
    },
    chartsFrom: (chartRepository) => chartsFrom(read, chartRepository),
    dependents: (key) => dependents(read, key),
  };
}

function inOrder(db: Queries) {
  return db.selectFrom("repositories").selectAll().orderBy("id");
}

async function withIndex(db: Queries, id: number): Promise<Awaited<ReturnType<Repositories["withIndex"]>>> {
  const row = await rowOf(db, id);
  return row && { repository: toRepository(row), index: indexIn(row) };
}

async function withKey(db: Queries, key: string): Promise<Awaited<ReturnType<Repositories["withKey"]>>> {
  const rows = await inOrder(db).where("repository_index", "like", `%"${key}":%`).execute();
  return rows.flatMap((row) => {
    const index = indexIn(row);
    return index ? [{ repository: toRepository(row), index }] : [];
  });
}

async function chartsFrom(db: Queries, chartRepository: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("dependents")
    .select("chart")
    .distinct()
    .where("chart_repository", "=", chartRepository)
    .execute();
  return rows.map(({ chart }) => chart).sort();
}

async function dependents(
  db: Queries,
  key: Parameters<Repositories["dependents"]>[0],
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("dependents")
    .select("repository_id")
    .where("chart", "=", key.chart)
    .where("chart_repository", "=", key.repository)
    .orderBy("repository_id")
    .execute();
  return rows.map((row) => row.repository_id);
}

/** The insert locks the repository's row even if it changes nothing, so that concurrent puts wait. */
async function put(
  db: Queries,
  repository: ConfigRepository,
  about: { readonly from: number | undefined; readonly at: Date },
): Promise<number | undefined> {
  const { id, installationId } = repository;
  const facts = { installation_id: installationId, ...factsOf(repository, about.at) };
  const owners = [installationId, about.from ?? installationId];
  const kept = await db
    .insertInto("repositories")
    .values({ id, ...facts, repository_index: null })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet(facts).where("repositories.installation_id", "in", owners),
    )
    .returning("id")
    .executeTakeFirst();
  if (kept !== undefined) return undefined;
  const other = db.selectFrom("repositories").select("installation_id").where("id", "=", id);
  return (await other.executeTakeFirstOrThrow()).installation_id;
}

async function renew(db: Queries, repository: ConfigRepository, at: Date): Promise<void> {
  await db
    .updateTable("repositories")
    .set(factsOf(repository, at))
    .where("id", "=", repository.id)
    .where("installation_id", "=", repository.installationId)
    .execute();
}

function factsOf({ owner, name, defaultBranch, archived }: ConfigRepository, at: Date) {
  return { owner, name, default_branch: defaultBranch, archived: archived ? 1 : 0, put_at: at.getTime() };
}

async function namesOf(db: Queries, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for (const some of chunks(ids)) {
    const former = await db
      .selectFrom("former_names")
      .selectAll()
      .where("repository_id", "in", some)
      .execute();
    for (const row of former) names.set(row.repository_id, row.name_with_owner);
    const present = await db
      .selectFrom("repositories")
      .select(["id", "owner", "name"])
      .where("id", "in", some)
      .execute();
    for (const row of present) names.set(row.id, nameWithOwner(row));
  }
  return names;
}

/** GitHub compares owners and names case-insensitively. */
async function findByName(db: Queries, owner: string, name: string): Promise<ConfigRepository | undefined> {
  const row = await db
    .selectFrom("repositories")
    .selectAll()
    .where(sql`lower(owner)`, "=", owner.toLowerCase())
    .where(sql`lower(name)`, "=", name.toLowerCase())
    .orderBy("put_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && toRepository(row);
}

/**
 * Returns the promotions' new states. Deletes the repository first: a put by another installation then comes before or
 * after all of it.
 */
async function remove(
  db: Queries,
  { id, installationId }: Pick<ConfigRepository, "id" | "installationId">,
  { refused, at }: { readonly refused: readonly PromotionRecord[]; readonly at: Date },
): Promise<readonly PromotionState[] | undefined> {
  const removed = await db
    .deleteFrom("repositories")
    .where("id", "=", id)
    .where("installation_id", "=", installationId)
    .returning(["owner", "name"])
    .executeTakeFirst();
  if (!removed) return undefined;
  await keepName(db, id, nameWithOwner(removed));
  await db.deleteFrom("dependents").where("repository_id", "=", id).execute();
  await db.deleteFrom("deliveries").where("repository_id", "=", id).execute();
  await db.deleteFrom("routes").where("repository_id", "=", id).execute();
  await db.deleteFrom("judged_charts").where("repository_id", "=", id).execute();
  await db.deleteFrom("checks").where("repository_id", "=", id).execute();
  await db.deleteFrom("glances").where("repository_id", "=", id).execute();
  await db.deleteFrom("lacking_permissions").where("repository_id", "=", id).execute();
  await db.deleteFrom("dashboard_issues").where("repository_id", "=", id).execute();
  await db.deleteFrom("drift_reports").where("repository_id", "=", id).execute();
  await db.deleteFrom("drift_watches").where("repository_id", "=", id).execute();
  await db.deleteFrom("repeat_requests").where("repository_id", "=", id).execute();
  return record(db, refused, { from: ["proposed", "refused"], at });
}

/** Its remaining records still need its name. */
async function keepName(db: Queries, id: number, name: string): Promise<void> {
  await db
    .insertInto("former_names")
    .values({ repository_id: id, name_with_owner: name })
    .onConflict((conflict) => conflict.column("repository_id").doUpdateSet({ name_with_owner: name }))
    .execute();
}

function rowOf(db: Queries, id: number): Promise<RepositoryRow | undefined> {
  return db.selectFrom("repositories").selectAll().where("id", "=", id).executeTakeFirst();
}

async function indexOf(db: Queries, id: number): Promise<RepositoryIndex | undefined> {
  const row = await db
    .selectFrom("repositories")
    .select("repository_index")
    .where("id", "=", id)
    .executeTakeFirst();
  return row && indexIn(row);
}

function indexIn({
  repository_index: index,
}: Pick<RepositoryRow, "repository_index">): RepositoryIndex | undefined {
  return index === null ? undefined : column.repositoryIndex(index);
}

async function changeIndex(db: Queries, id: number, change: Partial<RepositoryIndex>): Promise<void> {
  const index = await indexOf(db, id);
  if (index === undefined) return;
  await db
    .updateTable("repositories")
    .set({ repository_index: JSON.stringify({ ...index, ...change }) })
    .where("id", "=", id)
    .execute();
}

/** The update comes first and locks the repository's row, so that concurrent writes of one index do not mix. */
async function setIndex(db: Queries, id: number, index: RepositoryIndex): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("repositories")
    .set({ repository_index: JSON.stringify(index) })
    .where("id", "=", id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await db.deleteFrom("dependents").where("repository_id", "=", id).execute();
  const rows = index.dependents.map((dependent) => ({
    repository_id: id,
    chart: dependent.chart,
    chart_repository: dependent.chartRepository,
  }));
  for (const some of chunks(rows)) {
    await db
      .insertInto("dependents")
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

function toRepository(row: RepositoryRow): ConfigRepository {
  return {
    id: row.id,
    installationId: row.installation_id,
    owner: row.owner,
    name: row.name,
    defaultBranch: row.default_branch,
    archived: row.archived === 1,
  };
}
