// Keeping an announcement: durable before it is acknowledged, and verified soon afterwards.

import { randomUUID } from "node:crypto";

import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import type { Announcement, Publish } from "../domain/model/publish.ts";
import type { Quotas } from "./caller/quotas.ts";

/** Where announcements are kept, and enqueued to be verified: repeats too, as they may say something new. Durable when the promise resolves. */
export interface Inbox {
  accept(
    announcement: Announcement,
    about: { id: string; at: Date; webhookId?: string },
  ): Promise<{ readonly kind: "accepted" | "repeat" | "conflict"; readonly publish: Publish }>;
}

export interface AcceptPorts {
  readonly inbox: Inbox;
  readonly quotas: Quotas;
  readonly now: () => Date;
  /** Logs why an announcement could not be kept. */
  readonly onFailure: (error: unknown) => void;
}

export interface Receipt {
  readonly kind: "accepted" | "repeat";
  readonly publish: Publish;
}

const DEADLINE_MS = 10_000;

/** Answers `too-many` beyond the publisher's quota, and `unavailable` when it cannot be kept in time: then nothing was promised, and saying it again is safe. */
export async function accept(
  announcement: Announcement,
  ports: AcceptPorts,
  webhookId?: string,
): Promise<Result<Receipt>> {
  const waitMs = ports.quotas.take(announcement.publisher, ports.now());
  if (waitMs !== undefined) return fail(tooMany(announcement, waitMs));
  const about = { id: randomUUID(), at: ports.now(), ...(webhookId === undefined ? {} : { webhookId }) };
  try {
    return await inTime(keep(announcement, ports, about));
  } catch (error) {
    ports.onFailure(error);
    return fail(UNAVAILABLE);
  }
}

async function keep(
  announcement: Announcement,
  ports: AcceptPorts,
  about: Parameters<Inbox["accept"]>[1],
): Promise<Result<Receipt>> {
  const { kind, publish } = await ports.inbox.accept(announcement, about);
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

function tooMany({ publisher }: Announcement, retryAfterMs: number): Problem {
  return {
    code: "too-many",
    message: `Publisher ${publisher} has announced as much as its quota allows for now.`,
    help: "Send it again after the time in Retry-After, or let the operator raise the publisher's `quota` in server.yaml.",
    retryAfterMs,
  };
}

const UNAVAILABLE: Problem = {
  code: "unavailable",
  message: "The publish could not be stored; nothing was kept.",
  help: "Send it again after the time in Retry-After.",
};
