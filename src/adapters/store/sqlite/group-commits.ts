// Group commit: transactions that wait at the same time share one SQLite transaction, and so one flush to disk.

import { setImmediate } from "node:timers/promises";
import { CompiledQuery } from "kysely";
import type { Database, Queries } from "../database.ts";
import type { Flush } from "./flushes.ts";

/** Bounds how long one transaction blocks the event loop. */
const LARGEST_GROUP = 200;

interface Waiting {
  /** Runs the work; returns a function that settles its promise once the transaction is on disk. */
  readonly run: (queries: Queries) => Promise<() => void>;
  readonly reject: (reason: unknown) => void;
}

/**
 * `write` for a database with a single writer: works run one after another, in the order of arrival. A work that
 * rejects rolls back only itself; when the commit or its flush fails, every work of the group rejects. While one group
 * is flushed, the next ones are committed.
 */
export function groupCommits(db: Queries, flush: Flush): Database["write"] {
  const waiting: Waiting[] = [];
  let committing = false;
  const commitAll = async () => {
    committing = true;
    while (waiting.length > 0) {
      await setImmediate(); // work that arrives in this turn of the event loop joins the group
      await commit(db, waiting.splice(0, LARGEST_GROUP), flush);
    }
    committing = false;
  };
  return (work) =>
    new Promise((resolve, reject) => {
      const run = async (queries: Queries) => {
        const value = await work(queries);
        return () => resolve(value);
      };
      waiting.push({ run, reject });
      if (!committing) void commitAll();
    });
}

/** Never rejects: it settles every promise of the group, those of committed work when it is flushed. */
async function commit(db: Queries, group: readonly Waiting[], flush: Flush): Promise<void> {
  const reject = (error: unknown) => {
    for (const one of group) one.reject(error);
  };
  try {
    const resolvers = await db.transaction().execute(async (queries) => {
      const [only] = group;
      if (only && group.length === 1) return [await only.run(queries)];
      const outcomes: (() => void)[] = [];
      for (const one of group) outcomes.push(await runAlone(queries, one));
      return outcomes;
    });
    void flush().then(() => {
      for (const one of resolvers) one();
    }, reject);
  } catch (error) {
    reject(error);
  }
}

const SAVE = CompiledQuery.raw("savepoint work");
const RELEASE = CompiledQuery.raw("release work");
const UNDO = CompiledQuery.raw("rollback to work");

async function runAlone(queries: Queries, { run, reject }: Waiting): Promise<() => void> {
  await queries.executeQuery(SAVE);
  try {
    const resolver = await run(queries);
    await queries.executeQuery(RELEASE);
    return resolver;
  } catch (error) {
    await queries.executeQuery(UNDO);
    await queries.executeQuery(RELEASE);
    return () => reject(error);
  }
}
