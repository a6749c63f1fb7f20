// The chart versions that the checks of open pull requests rely on.

import type {
  JudgedChart,
  JudgedCharts,
  JudgedPullRequest,
  JudgedPullRequestChart,
} from "../../../reconcile/ports/store/checks.ts";
import * as column from "../columns.ts";
import { chunks, type Database, type Queries } from "../database.ts";
import type { JudgedChartRow } from "../schema.ts";

export function createJudgedCharts(database: Database): JudgedCharts {
  const { read } = database;
  return {
    put: async (pullRequest, charts) => {
      const rows = charts.map((chart) => toRow(pullRequest, chart));
      if (!areSame(await rowsOf(read, pullRequest), rows))
        await database.write((db) => replace(db, pullRequest, rows));
    },
    keepOnly: async (repositoryId, numbers) => {
      const known = await read
        .selectFrom("judged_charts")
        .select("number")
        .distinct()
        .where("repository_id", "=", repositoryId)
        .execute();
      const open = new Set(numbers);
      const gone = known.map(({ number }) => number).filter((number) => !open.has(number));
      for (const some of chunks(gone)) await database.write((db) => remove(db, repositoryId, some));
    },
    of: async (chartRepository) => {
      const rows = await read
        .selectFrom("judged_charts")
        .selectAll()
        .where("chart_repository", "=", chartRepository)
        .orderBy("repository_id")
        .orderBy("number")
        .orderBy("chart")
        .orderBy("version")
        .execute();
      return rows.map(toJudged);
    },
    confirm: (judged) => setConfirmed(database, judged, 1),
    doubt: (judged) => setConfirmed(database, judged, 0),
  };
}

const AT_ONCE = 100;

async function setConfirmed(
  database: Database,
  judged: readonly JudgedPullRequestChart[],
  confirmed: 0 | 1,
): Promise<void> {
  for (const some of chunks(judged, AT_ONCE))
    await database.write(async (db) => {
      for (const one of some) await mark(db, { ...toRow(one, one), confirmed });
    });
}

async function rowsOf(
  db: Queries,
  { repositoryId, number }: JudgedPullRequest,
): Promise<readonly JudgedChartRow[]> {
  return db
    .selectFrom("judged_charts")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}

/** Ignores the order, and whether they were confirmed. */
function areSame(known: readonly JudgedChartRow[], rows: readonly JudgedChartRow[]): boolean {
  const texts = (list: readonly JudgedChartRow[]) =>
    list.map((row) => JSON.stringify(toJudged({ ...row, confirmed: 0 }))).sort();
  return JSON.stringify(texts(known)) === JSON.stringify(texts(rows));
}

async function replace(
  db: Queries,
  { repositoryId, number }: JudgedPullRequest,
  rows: readonly JudgedChartRow[],
): Promise<void> {
  await remove(db, repositoryId, [number]);
  for (const values of chunks(rows))
    await db
      .insertInto("judged_charts")
      .values(values)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

async function remove(db: Queries, repositoryId: number, numbers: readonly number[]): Promise<void> {
  await db
    .deleteFrom("judged_charts")
    .where("repository_id", "=", repositoryId)
    .where("number", "in", numbers)
    .execute();
}

/** Only if the row has not changed since it was read. */
async function mark(db: Queries, row: JudgedChartRow): Promise<void> {
  await db
    .updateTable("judged_charts")
    .set({ confirmed: row.confirmed })
    .where("repository_id", "=", row.repository_id)
    .where("number", "=", row.number)
    .where("chart_repository", "=", row.chart_repository)
    .where("chart", "=", row.chart)
    .where("version", "=", row.version)
    .where("digest", row.digest === null ? "is" : "=", row.digest)
    .where("manifest_digest", row.manifest_digest === null ? "is" : "=", row.manifest_digest)
    .where("is_there", "=", row.is_there)
    .execute();
}

function toRow({ repositoryId, number }: JudgedPullRequest, judged: JudgedChart): JudgedChartRow {
  const { repository, chart, version, digest, manifestDigest, isThere } = judged;
  return {
    repository_id: repositoryId,
    number,
    chart_repository: repository,
    chart,
    version,
    digest: digest ?? null,
    manifest_digest: manifestDigest ?? null,
    is_there: isThere ? 1 : 0,
    confirmed: 0,
  };
}

function toJudged(row: JudgedChartRow): JudgedPullRequestChart {
  return {
    repositoryId: row.repository_id,
    number: row.number,
    repository: row.chart_repository,
    chart: row.chart,
    version: row.version,
    ...column.optional("digest", row.digest, column.same),
    ...column.optional("manifestDigest", row.manifest_digest, column.same),
    isThere: row.is_there === 1,
    isConfirmed: row.confirmed === 1,
  };
}
