// Conversion between the model and database columns.

import type { Config } from "../../domain/model/config/config.ts";
import type { Moved, Repeat } from "../../domain/model/deployment.ts";
import type { DriftReport, DriftWatch, Keep } from "../../domain/model/drift.ts";
import type { RepositoryEvent } from "../../domain/model/github/event.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { TickOutcome } from "../../domain/model/github/tick-box.ts";
import type { EventFacts } from "../../domain/model/history.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { ChartChange, Source } from "../../domain/model/publish.ts";
import type { Value } from "../../domain/model/umbrella.ts";

/** An object with the property if the column has a value, otherwise an empty one. */
export function optional<K extends string, C, T>(
  key: K,
  column: C | null,
  read: (column: C) => T,
): { readonly [P in K]?: T } {
  return column === null ? {} : ({ [key]: read(column) } as { readonly [P in K]?: T });
}

export function same<T>(column: T): T {
  return column;
}

export function date(column: number): Date {
  return new Date(column);
}

/** Free text without NUL, which PostgreSQL cannot store. */
export function text(written: string): string {
  return written.replaceAll("\0", "");
}

export function problem(column: string): Problem {
  return JSON.parse(column) as Problem;
}

export function values(column: string): { readonly [key: string]: Value } {
  return JSON.parse(column) as { readonly [key: string]: Value };
}

export function source(column: string): Source {
  return JSON.parse(column) as Source;
}

export function chartChange(column: string): ChartChange {
  return JSON.parse(column) as ChartChange;
}

export function event(column: string): RepositoryEvent {
  return JSON.parse(column) as RepositoryEvent;
}

export function moves(column: string): readonly Moved[] {
  return JSON.parse(column) as readonly Moved[];
}

export function repeat(column: string): Repeat {
  return JSON.parse(column) as Repeat;
}

export function eventFacts(column: string): EventFacts {
  return JSON.parse(column) as EventFacts;
}

export function names(column: string): readonly string[] {
  return JSON.parse(column) as readonly string[];
}

export function driftReport(column: string): DriftReport {
  const report = JSON.parse(column) as DriftReport;
  return {
    ...report,
    resources: report.resources.map((one) => ({ ...one, since: new Date(one.since) })),
    reportedAt: new Date(report.reportedAt),
    countedAt: new Date(report.countedAt),
  };
}

export function driftWatch(column: string): DriftWatch {
  const { since, issue, latest } = JSON.parse(column) as DriftWatch;
  const { reportedAt } = latest ?? {};
  return {
    since: new Date(since),
    ...(issue && { issue: { ...issue, at: new Date(issue.at) } }),
    ...(latest && { latest: { ...latest, ...(reportedAt && { reportedAt: new Date(reportedAt) }) } }),
  };
}

export function tickOutcomes(column: string): readonly TickOutcome[] {
  const outcomes = JSON.parse(column) as readonly TickOutcome[];
  return outcomes.map((one) => ({ ...one, at: new Date(one.at) }));
}

export function keep(column: string): Keep {
  const { until, by } = JSON.parse(column) as Keep;
  return { until: new Date(until), by };
}

/** The only instants inside of its JSON are those of freezes. */
export function repositoryIndex(column: string): RepositoryIndex {
  const index = JSON.parse(column) as RepositoryIndex;
  return index.config === undefined ? index : { ...index, config: withInstants(index.config) };
}

function withInstants(config: Config): Config {
  return {
    ...config,
    environments: config.environments.map((environment) => ({
      ...environment,
      freeze: environment.freeze.map((freeze) => ({
        ...freeze,
        from: new Date(freeze.from),
        to: new Date(freeze.to),
      })),
    })),
  };
}
