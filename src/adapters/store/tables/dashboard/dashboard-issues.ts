// The record of each config repository's dashboard issue.

import type { TickOutcome } from "../../../../domain/model/github/tick-box.ts";
import type { DashboardIssues, DashboardRecord } from "../../../../reconcile/ports/dashboard-issues.ts";
import * as column from "../../columns.ts";
import type { Database, Queries } from "../../database.ts";
import type { DashboardIssueRow } from "../../schema.ts";

const OUTCOMES = 10;

export function createDashboardIssues(database: Database): DashboardIssues {
  const { read } = database;
  return {
    get: async (repositoryId) => {
      const row = await rowOf(read, repositoryId);
      return row && toDashboard(row);
    },
    begin: (repositoryId, round) => database.write((db) => begin(db, repositoryId, round)),
    noteWritten: (repositoryId, { number, tells, writtenAt, seenEdits }) =>
      database.write(async (db) => {
        await db
          .updateTable("dashboard_issues")
          .set({
            ...{ number: number ?? null, tells, seen_edits: seenEdits },
            written_at: writtenAt.getTime(),
          })
          .where("repository_id", "=", repositoryId)
          .execute();
      }),
    edited: (repositoryId) =>
      database.write(async (db) => {
        await db
          .updateTable("dashboard_issues")
          .set((is) => ({ edits: is("edits", "+", 1) }))
          .where("repository_id", "=", repositoryId)
          .execute();
      }),
    answered: (repositoryId, outcome) => database.write((db) => answer(db, repositoryId, outcome)),
    forget: (repositoryId) =>
      database.write(async (db) => {
        await db.deleteFrom("dashboard_issues").where("repository_id", "=", repositoryId).execute();
      }),
  };
}

function rowOf(db: Queries, repositoryId: number): Promise<DashboardIssueRow | undefined> {
  return db
    .selectFrom("dashboard_issues")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .executeTakeFirst();
}

function toDashboard(row: DashboardIssueRow): DashboardRecord {
  return {
    ...column.optional("number", row.number, column.same),
    ...{ tells: row.tells, writtenAt: new Date(row.written_at) },
    ...{ edits: row.edits, seenEdits: row.seen_edits, round: row.round },
    outcomes: column.tickOutcomes(row.outcomes),
  };
}

async function begin(db: Queries, repositoryId: number, round: number): Promise<void> {
  const empty = { number: null, tells: "", written_at: 0, seen_edits: 0, edits: 0, outcomes: "[]" };
  await db
    .insertInto("dashboard_issues")
    .values({ repository_id: repositoryId, round, ...empty })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function answer(db: Queries, repositoryId: number, outcome: TickOutcome): Promise<void> {
  const row = await rowOf(db, repositoryId);
  const known = row ? column.tickOutcomes(row.outcomes) : [];
  if (!row || known.some(({ id }) => id === outcome.id)) return;
  const outcomes = JSON.stringify([outcome, ...known].slice(0, OUTCOMES));
  await db
    .updateTable("dashboard_issues")
    .set({ outcomes, round: row.round + 1 })
    .where("repository_id", "=", repositoryId)
    .execute();
}
