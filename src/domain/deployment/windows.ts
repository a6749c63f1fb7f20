// Deployment windows: cron patterns that say when each begins.

import { Cron } from "croner";
import type { DeploymentWindows, TimeWindow } from "../model/config/config.ts";

/** Maximum steps in the search for an open instant: more than any schedule needs that leaves an hour a year. */
const MOST_STEPS = 60;

/** A pattern of five fields that matches at least one instant. */
export function isCron(pattern: string): boolean {
  try {
    return /^\S+( \S+){4}$/.test(pattern) && begins(pattern, "UTC").nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

/** Why nothing may be deployed at `at`, and the next instant at which something may; `undefined` when it is open. */
export function closedAt(
  windows: DeploymentWindows,
  at: Date,
): { readonly until: Date; readonly reason: string } | undefined {
  const reason = reasonAt(windows, at);
  return reason === undefined ? undefined : { until: walk(windows, at).moment, reason };
}

export function reopens(windows: DeploymentWindows, after: Date): boolean {
  return walk(windows, after).isOpen;
}

/** `0 9 * * 1-5 for 8h (Europe/Berlin)` */
export function windowText({ cron, duration, timeZone }: TimeWindow): string {
  return `${cron} for ${duration} (${timeZone})`;
}

function reasonAt({ allow, deny }: DeploymentWindows, at: Date): string | undefined {
  const denied = deny.find((window) => endOf(window, at));
  if (denied) return `nothing is deployed during ${windowText(denied)}`;
  return allow.length === 0 || allow.some((window) => endOf(window, at))
    ? undefined
    : "outside its windows for deployments";
}

/** Steps from one window boundary to the next, up to the first open instant, or the end of the search. */
function walk(windows: DeploymentWindows, from: Date): { readonly moment: Date; readonly isOpen: boolean } {
  let moment = from;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = nextAfter(windows, moment);
    if (next === undefined) return { moment, isOpen: true };
    if (next <= moment) break;
    moment = next;
  }
  return { moment, isOpen: false };
}

/** The next boundary if `at` is closed; `undefined` if it is open. */
function nextAfter({ allow, deny }: DeploymentWindows, at: Date): Date | undefined {
  const ends = deny.flatMap((window) => endOf(window, at) ?? []);
  if (ends.length > 0) return new Date(Math.max(...ends.map((end) => end.getTime())));
  if (allow.length === 0 || allow.some((window) => endOf(window, at))) return undefined;
  const starts = allow.flatMap(({ cron, timeZone }) => begins(cron, timeZone).nextRun(at) ?? []);
  return new Date(Math.min(...starts.map((start) => start.getTime()), at.getTime() + A_YEAR_MS));
}

const A_YEAR_MS = 366 * 86_400_000;

/** The end of the window that contains `at`: from its begin until just before its end. */
function endOf({ cron, timeZone, durationMs }: TimeWindow, at: Date): Date | undefined {
  const [start] = begins(cron, timeZone).previousRuns(1, new Date(at.getTime() + 1));
  const end = start && new Date(start.getTime() + durationMs);
  return end && end > at ? end : undefined;
}

function begins(cron: string, timeZone: string): Cron {
  return new Cron(cron, { paused: true, timezone: timeZone, mode: "5-part" });
}
