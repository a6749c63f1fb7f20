// The result of a run of a key, the same for both engines: done, a retry, or dead.

import type { WorkOptions } from "../../../reconcile/ports/store/queue.ts";
import type { Queries } from "../database.ts";

export type Run =
  | { readonly kind: "done"; readonly requeueAt?: Date }
  | { readonly kind: "failed"; readonly error: unknown };

/** `requeueAt`: when the reconciler asked to run again. */
export type AttemptOutcome =
  | { readonly kind: "done"; readonly requeueAt?: Date }
  | { readonly kind: "retry"; readonly requeueAt: Date }
  | { readonly kind: "dead" };

export interface Attempted {
  readonly key: string;
  /** Failures of the key since its last success; never zero for a dead key. */
  readonly tries: number;
}

export async function attempt(handle: () => ReturnType<WorkOptions["reconcile"]>): Promise<Run> {
  try {
    return { kind: "done", ...(await handle()) };
  } catch (error) {
    return { kind: "failed", error };
  }
}

/** Counts the key's failures, and marks it dead when it has failed for too long. */
export async function finishAttempt(
  db: Queries,
  run: Run & Attempted,
  terms: { readonly backoff: WorkOptions["backoff"]; readonly now: Date },
): Promise<AttemptOutcome> {
  const { key } = run;
  if (run.kind === "done") {
    if (run.tries === 0) return run;
    await db.deleteFrom("failures").where("key", "=", key).execute();
    await db.deleteFrom("dead").where("key", "=", key).execute();
    return run;
  }
  const postponed = retryAt(run.error);
  if (postponed !== undefined) return { kind: "retry", requeueAt: postponed };
  const now = terms.now.getTime();
  const failure = await countFailure(db, key, now);
  if (now - failure.since < terms.backoff.giveUpAfterMs) {
    return { kind: "retry", requeueAt: new Date(now + delayMs(terms.backoff, failure.tries)) };
  }
  await bury(db, { key, tries: failure.tries, error: describe(run.error), at: now });
  return { kind: "dead" };
}

/**
 * Backoff with full jitter: any delay up to `firstMs` × `factor`^(tries − 1), itself at most `maxMs`
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function delayMs(backoff: WorkOptions["backoff"], tries: number): number {
  const ceiling = Math.min(backoff.maxMs, backoff.firstMs * backoff.factor ** (tries - 1));
  return Math.ceil(Math.random() * ceiling);
}

function retryAt(error: unknown): Date | undefined {
  if (typeof error !== "object" || error === null || !("retryAt" in error)) return undefined;
  return error.retryAt instanceof Date ? error.retryAt : undefined;
}

async function countFailure(
  db: Queries,
  key: string,
  now: number,
): Promise<{ readonly tries: number; readonly since: number }> {
  const row = await db
    .insertInto("failures")
    .values({ key, tries: 1, since: now })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((expression) => ({
        tries: expression("failures.tries", "+", 1),
        since: expression.fn.coalesce("failures.since", "excluded.since"),
      })),
    )
    .returning(["tries", "since"])
    .executeTakeFirstOrThrow();
  return { tries: row.tries, since: row.since ?? now };
}

/** The count of tries is kept until a success; the time of failing starts again with the next enqueue. */
async function bury(
  db: Queries,
  {
    key,
    ...facts
  }: { readonly key: string; readonly error: string; readonly at: number; readonly tries: number },
): Promise<void> {
  await db.updateTable("failures").set({ since: null }).where("key", "=", key).execute();
  await db
    .insertInto("dead")
    .values({ key, ...facts })
    .onConflict((conflict) => conflict.column("key").doUpdateSet(facts))
    .execute();
}

function describe(error: unknown): string {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return reason.replaceAll("\0", "").slice(0, 2000);
}

export interface Dead {
  readonly key: string;
  readonly error: string;
  readonly at: Date;
  readonly tries: number;
}

/** Newest first. */
export async function listDead(db: Queries): Promise<readonly Dead[]> {
  const rows = await db.selectFrom("dead").selectAll().orderBy("at", "desc").orderBy("key").execute();
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

export async function countDead(db: Queries): Promise<number> {
  const row = await db
    .selectFrom("dead")
    .select((expression) => expression.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Removes the key from the dead ones; false when it is not dead. */
export async function raise(db: Queries, key: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom("dead").where("key", "=", key).executeTakeFirst();
  return numDeletedRows === 1n;
}
