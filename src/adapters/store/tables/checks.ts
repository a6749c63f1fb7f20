// The newest check of each open pull request.

import type { Checks, JudgedPullRequest, NewestCheck } from "../../../reconcile/ports/store/checks.ts";
import * as column from "../columns.ts";
import type { Database, Queries } from "../database.ts";

export function createChecks(database: Database): Checks {
  const { read } = database;
  return {
    put: async (pullRequest, check) => {
      const known = await ofPullRequest(read, pullRequest);
      if (JSON.stringify(known) === JSON.stringify(check)) return;
      await database.write((db) => (check ? replace(db, pullRequest, check) : remove(db, pullRequest)));
    },
    of: (pullRequest) => ofPullRequest(read, pullRequest),
    all: async (repositoryId) => {
      const all = read.selectFrom("checks").selectAll();
      const rows = await (repositoryId === undefined
        ? all
        : all.where("repository_id", "=", repositoryId)
      ).execute();
      return rows.map(({ repository_id, number, ...row }) => ({
        ...{ repositoryId: repository_id, number },
        ...toCheck(row),
      }));
    },
  };
}

interface CheckColumns {
  readonly conclusion: NewestCheck["conclusion"];
  readonly title: string;
  readonly is_held: number;
}

function toCheck({ conclusion, title, is_held }: CheckColumns): NewestCheck {
  return { conclusion, title, isHeld: is_held === 1 };
}

async function ofPullRequest(
  db: Queries,
  { repositoryId, number }: JudgedPullRequest,
): Promise<NewestCheck | undefined> {
  const row = await db
    .selectFrom("checks")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row && toCheck(row);
}

async function replace(
  db: Queries,
  { repositoryId, number }: JudgedPullRequest,
  { conclusion, title, isHeld }: NewestCheck,
): Promise<void> {
  const facts = { conclusion, title: column.text(title), is_held: isHeld ? 1 : 0 };
  await db
    .insertInto("checks")
    .values({ repository_id: repositoryId, number, ...facts })
    .onConflict((conflict) => conflict.columns(["repository_id", "number"]).doUpdateSet(facts))
    .execute();
}

async function remove(db: Queries, { repositoryId, number }: JudgedPullRequest): Promise<void> {
  await db
    .deleteFrom("checks")
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}
