// `report`, `audit`: the history as numbers, and line by line.

import { type Command, InvalidArgumentError, Option } from "commander";
import type { RememberedEvent } from "../../adapters/control/control.ts";
import { parseDuration } from "../../domain/model/config/duration.ts";
import { noticeText } from "../../domain/notification/notice-text.ts";
import { type ReportRow, reportOf, type Spread } from "../../domain/report/lead-times.ts";
import { print } from "./operator.ts";
import { withControl } from "./with-control.ts";

interface Options {
  readonly since: Date;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export function addHistoryCommands(program: Command): void {
  program
    .command("report")
    .description("lead times, frequency, failures and time to restore, per chart and environment")
    .addOption(since("30d"))
    .option("--json", "print one JSON document")
    .option("--csv", "print comma-separated values, times in seconds")
    .action((options: Options) =>
      withControl(options, async (control) => {
        const rows = await rowsOf(options.since, (since) => control.history(since));
        if (options.csv === true) process.stdout.write(csv(rows));
        else print(options, { since: options.since, rows }, rows.map(reportLine));
      }),
    );
  program
    .command("audit")
    .description("who did what through which door, oldest first")
    .addOption(since("1d"))
    .option("--json", "print one JSON document")
    .action((options: Options) =>
      withControl(options, async (control) => {
        const events = await control.history(options.since);
        print(options, events, events.map(auditLine));
      }),
    );
}

type NamedRow = ReportRow & { readonly repository: string };

/** Publishes from up to this long before are searched as well. */
async function rowsOf(
  since: Date,
  history: (since: Date) => Promise<readonly RememberedEvent[]>,
): Promise<readonly NamedRow[]> {
  const until = new Date();
  const events = await history(new Date(2 * since.getTime() - until.getTime()));
  const names = new Map(events.map(({ repositoryId, repository }) => [repositoryId, repository]));
  return reportOf(events, { since, until }).map((row) => ({
    ...row,
    repository: names.get(row.repositoryId) ?? String(row.repositoryId),
  }));
}

/** The help shows the default as a duration, not as the resulting instant. */
function since(ago: string): Option {
  return new Option("--since <when>", "a duration such as 30d, or an instant such as 2026-11-01T00:00:00Z")
    .argParser(instant)
    .default(instant(ago), ago);
}

function instant(text: string): Date {
  const ago = parseDuration(text);
  const at =
    ago === undefined ? new Date(/^\d{4}-\d\d-\d\d/.test(text) ? text : "") : new Date(Date.now() - ago);
  if (Number.isNaN(at.getTime()) || at.getTime() >= Date.now())
    throw new InvalidArgumentError("Give a duration such as 30d, or an instant that is past.");
  return at;
}

const SPREADS = [
  "publishToPullRequest",
  "pullRequestToMerge",
  "mergeToDeployed",
  "publishToDeployed",
] as const;
const COLUMNS = [
  "repository",
  "environment",
  "chart",
  "deployed",
  "failed",
  "deployedPerWeek",
  "failureRate",
] as const;

function csv(rows: readonly NamedRow[]): string {
  const times = [...SPREADS, "timeToRestore"] as const;
  const head = [...COLUMNS, ...times.flatMap((name) => [`${name}Median`, `${name}P90`])];
  const lines = rows.map((row) => [
    ...COLUMNS.map((name) => row[name] ?? ""),
    ...times.flatMap((name) => [row[name]?.median ?? "", row[name]?.p90 ?? ""]),
  ]);
  return [head, ...lines].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

/** CSV by RFC 4180. Text that a spreadsheet would take for a formula is escaped. */
function quoted(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function reportLine(row: NamedRow): string {
  const { repository, environment, chart, deployed, failed, deployedPerWeek, timeToRestore } = row;
  const counts = `${deployed} deployed (${deployedPerWeek} a week), ${failed} failed`;
  const whole = row.publishToDeployed && `publish to deployment ${inWords(row.publishToDeployed)}`;
  const restored = timeToRestore && `restored after ${inWords(timeToRestore)}`;
  return [`${chart} in ${environment} of ${repository}: ${counts}`, whole, restored]
    .filter(Boolean)
    .join("; ");
}

function inWords({ median, p90, count }: Spread): string {
  return `${seconds(median)} (median of ${count}; 90 % within ${seconds(p90)})`;
}

function seconds(time: number): string {
  if (time < 120) return `${Math.round(time)} s`;
  if (time < 7_200) return `${Math.round(time / 60)} min`;
  return time < 172_800 ? `${Math.round(time / 3_600)} h` : `${Math.round(time / 86_400)} d`;
}

function auditLine({ repository, ...event }: RememberedEvent): string {
  const place = { githubWeb: "", ...(repository !== undefined && { repository }) };
  const { sentence, link } = noticeText(event, place);
  const { deployment, sha, door } = event.facts;
  const by = `${event.facts.by ?? "chart-promoter"}${door === undefined ? "" : ` (${door})`}`;
  const ids = [
    ...(event.facts.pullRequest !== undefined && link ? [link.label] : []),
    ...(deployment === undefined ? [] : [`deployment ${deployment}`]),
    ...(sha === undefined ? [] : [sha.slice(0, 7)]),
  ];
  const line = `${event.at.toISOString()} ${by}: ${sentence}${ids.length > 0 ? ` (${ids.join(", ")})` : ""}`;
  return line.replace(/[\r\n\p{Cc}]+/gu, " ");
}
