// Timeouts and retry intervals for deployers. All times are milliseconds.

export interface DeployerTimeouts {
  /** From the call until the deployer has to report an end; after that the deployment is an `error`. */
  readonly reportWithinMs: number;
  /** From the first try, while the deployer refuses the call (wrong credentials, no such job, disabled). */
  readonly refusedForMs: number;
  /** From the first try, or from the call, while the deployer cannot be reached. */
  readonly unreachableForMs: number;
  /** After a call without an answer, how long "not there" is not believed. */
  readonly settleMs: number;
  /** Bounds of the polling interval. */
  readonly pollMs: Bounds;
  /** Bounds of the interval between calls that failed. */
  readonly retryMs: Bounds;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

export const DEPLOYER_TIMEOUTS: DeployerTimeouts = {
  reportWithinMs: hour,
  refusedForMs: 15 * minute,
  unreachableForMs: 72 * hour,
  settleMs: 15 * second,
  pollMs: { least: 2 * second, most: 30 * second },
  retryMs: { least: 5 * second, most: 5 * minute },
};

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** A tenth of the elapsed time, within bounds: an exponential backoff without a counter. */
export function nextAttempt(since: Date, now: Date, bounds: Bounds): Date {
  return later(now, (now.getTime() - since.getTime()) / 10, bounds);
}

/** The elapsed time again, within bounds: each interval is twice the one before. */
export function doubledInterval(since: Date, now: Date, bounds: Bounds): Date {
  return later(now, now.getTime() - since.getTime(), bounds);
}

function later(now: Date, ms: number, { least, most }: Bounds): Date {
  return new Date(now.getTime() + Math.min(Math.max(ms, least), most));
}

/** True when more than `limitMs` have passed since then. */
export function isOver(since: Date, limitMs: number, now: Date): boolean {
  return now.getTime() - since.getTime() > limitMs;
}
