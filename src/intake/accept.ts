// Accepts an announcement: durable before it is acknowledged, and enqueued for verification.

import { randomUUID } from "node:crypto";

import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import { type Announcement, bytesOf, type Publish } from "../domain/model/publish.ts";
import type { Quotas } from "./caller/quotas.ts";
import { type Full, inMiB, type WaitingBudget, type WaitingCount } from "./caller/waiting-budget.ts";

interface Kept {
  readonly kind: "accepted" | "repeat" | "conflict";
  readonly publish: Publish;
}

interface About {
  readonly id: string;
  readonly at: Date;
  readonly webhookId?: string;
}

/**
 * Stores announcements and enqueues their verification; repeats as well, as they may add something. Durable when the
 * promise resolves.
 */
export interface Inbox {
  accept(announcement: Announcement, about: About): Promise<Kept>;
  /**
   * As `accept`, but only if that makes no publish wait that does not wait already; else `undefined`, and nothing is
   * stored.
   */
  acceptRepeat(announcement: Announcement, about: About): Promise<Kept | undefined>;
  /** This publisher's publishes that are still to be verified. */
  waitingOf(publisher: string): Promise<WaitingCount>;
}

export interface AcceptPorts {
  readonly inbox: Inbox;
  readonly quotas: Quotas;
  readonly waitingBudget: WaitingBudget;
  readonly now: () => Date;
  /** Logs why an announcement could not be stored. */
  readonly onFailure: (error: unknown) => void;
}

export interface Receipt {
  readonly kind: "accepted" | "repeat";
  readonly publish: Publish;
}

const DEADLINE_MS = 10_000;

/**
 * Fails with `too-many` above the publisher's quota or waiting budget, and with `unavailable` when it cannot be stored
 * in time: then nothing was promised, and a retry is safe.
 */
export async function accept(
  announcement: Announcement,
  ports: AcceptPorts,
  webhookId?: string,
): Promise<Result<Receipt>> {
  const waitMs = ports.quotas.take(announcement.publisher, ports.now());
  if (waitMs !== undefined) return fail(overQuota(announcement, waitMs));
  const about = { id: randomUUID(), at: ports.now(), ...(webhookId === undefined ? {} : { webhookId }) };
  try {
    return await inTime(keep(announcement, ports, about));
  } catch (error) {
    ports.onFailure(error);
    return fail(UNAVAILABLE);
  }
}

async function keep(announcement: Announcement, ports: AcceptPorts, about: About): Promise<Result<Receipt>> {
  const { inbox, waitingBudget } = ports;
  const full = await waitingBudget.take(announcement.publisher, bytesOf(announcement), about.at);
  if (full === undefined) return receiptOf(await inbox.accept(announcement, about), announcement);
  const repeat = await inbox.acceptRepeat(announcement, about);
  return repeat ? receiptOf(repeat, announcement) : fail(tooMuchWaits(announcement, full));
}

function receiptOf({ kind, publish }: Kept, announcement: Announcement): Result<Receipt> {
  if (kind === "conflict") return fail(conflict(announcement, publish));
  return ok({ kind, publish });
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => deadline.reject(new Error(`not kept within ${DEADLINE_MS} ms`)),
    DEADLINE_MS,
  );
  try {
    return await Promise.race([promise, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function conflict({ chart, version, digest }: Announcement, known: Publish): Problem {
  return {
    code: "conflict",
    message: `${chart} ${version} was announced before with the digest ${known.digest ?? "unknown"}, now with ${digest ?? "none"}.`,
    help: "Publish changed contents under a new version; a version that was announced never changes.",
  };
}

function overQuota({ publisher }: Announcement, retryAfterMs: number): Problem {
  return {
    code: "too-many",
    message: `Publisher ${publisher} has announced as much as its quota allows for now.`,
    help: "Send it again after the time in Retry-After, or let the operator raise the publisher's `quota` in server.yaml.",
    retryAfterMs,
  };
}

/** Retry-After for a full waiting budget: an outage, or a missing upload, ends in minutes rather than seconds. */
const ROOM_AFTER_MS = 60_000;

function tooMuchWaits({ publisher, chart, version }: Announcement, { waiting, mostBytes }: Full): Problem {
  return {
    code: "too-many",
    message: `${chart} ${version} was not kept: ${waiting.count} publishes of publisher ${publisher} wait to be found in their chart repository, and with ${inMiB(waiting.bytes)} of at most ${inMiB(mostBytes)} they leave no room for it.`,
    help: "See why the chart repository does not have them or does not answer, and send it again after the time in Retry-After; the operator can raise the publisher's `quota.waitingBytes` in server.yaml.",
    retryAfterMs: ROOM_AFTER_MS,
  };
}

const UNAVAILABLE: Problem = {
  code: "unavailable",
  message: "The publish could not be stored; nothing was kept.",
  help: "Send it again after the time in Retry-After.",
};
