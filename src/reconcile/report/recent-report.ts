// Statistics of promotions and deployments in the last thirty days, from the history.

import { nameWithOwner } from "../../domain/model/github/repository.ts";
import { inOrder, type ReportRow, reportRows } from "../../domain/report/lead-times.ts";
import type { Deps } from "../context.ts";
import { pause } from "../pause.ts";

const DAYS = 30;
const DAY_MS = 86_400_000;
/** More events would block the event loop for too long. */
const MOST_EVENTS = 5_000;

export interface RecentReport {
  readonly days: number;
  /** Whether the history was cut off at the limit; then the report covers the newest events only. */
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

/** Yields to the event loop after each step, or each so many rows. */
async function withPauses(steps: Iterable<ReportRow | undefined>): Promise<readonly ReportRow[]> {
  const rows: ReportRow[] = [];
  for (const row of steps) {
    if (row) rows.push(row);
    if (!row || rows.length % ROWS_AT_ONCE === 0) await pause();
  }
  return rows;
}

const ROWS_AT_ONCE = 20;
