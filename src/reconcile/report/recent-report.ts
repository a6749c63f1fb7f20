// How versions came out in the last thirty days, of what the history remembers.

import { nameWithOwner } from "../../domain/model/github/repository.ts";
import { inOrder, type ReportRow, reportRows } from "../../domain/report/lead-times.ts";
import type { Deps } from "../context.ts";
import { pause } from "../pause.ts";

const DAYS = 30;
const DAY_MS = 86_400_000;
/** What is worked out from more would hold up everybody else. */
const MOST_EVENTS = 5_000;

export interface RecentReport {
  readonly days: number;
  /** Whether there was more than was looked at: then it is about the newest of it. */
  readonly isCut: boolean;
  readonly charts: readonly NamedReportRow[];
  readonly environments: readonly NamedReportRow[];
}

/** `repository`: `owner/name`. */
export type NamedReportRow = ReportRow & { readonly repository: string };

export async function recentReport({ store, clock }: Pick<Deps, "store" | "clock">): Promise<RecentReport> {
  const until = clock();
  const ago = (days: number) => new Date(until.getTime() - days * DAY_MS);
  const events = await store.history.since(ago(2 * DAYS), MOST_EVENTS);
  const known = await store.repositories.all();
  const names = new Map(known.map((repository) => [repository.id, nameWithOwner(repository)]));
  const rows = async (by: "chart" | "environment") => {
    const found = await withPauses(reportRows(events, { since: ago(DAYS), until, by }));
    return inOrder(found).flatMap((row) => {
      const repository = names.get(row.repositoryId);
      return repository === undefined ? [] : [{ ...row, repository }];
    });
  };
  return {
    ...{ days: DAYS, isCut: events.length === MOST_EVENTS },
    ...{ charts: await rows("chart"), environments: await rows("environment") },
  };
}

/** Everybody else gets a turn after each step or so many rows. */
async function withPauses(steps: Iterable<ReportRow | undefined>): Promise<readonly ReportRow[]> {
  const rows: ReportRow[] = [];
  for (const row of steps) {
    if (row) rows.push(row);
    if (!row || rows.length % ROWS_AT_ONCE === 0) await pause();
  }
  return rows;
}

const ROWS_AT_ONCE = 20;
