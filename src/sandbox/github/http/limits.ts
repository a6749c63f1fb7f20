// GitHub's rate limits: the hourly one of each installation, and the secondary ones per minute.

import type { Answer, Call } from "./call.ts";

export interface LimitOptions {
  /** Requests an hour by REST, and points an hour by GraphQL. */
  readonly primary: number;
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
  /** Secondary points a minute. */
  readonly restPoints: number;
  readonly graphqlPoints: number;
}

export const GITHUB_LIMITS: LimitOptions = {
  primary: 5000,
  contentPerMinute: 80,
  contentPerHour: 500,
  restPoints: 900,
  graphqlPoints: 2000,
};

/** The default of GitHub Enterprise Server; the headers still count. */
export const NO_LIMITS: LimitOptions = {
  primary: 1_000_000,
  contentPerMinute: Number.POSITIVE_INFINITY,
  contentPerHour: Number.POSITIVE_INFINITY,
  restPoints: Number.POSITIVE_INFINITY,
  graphqlPoints: Number.POSITIVE_INFINITY,
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Resource = "core" | "graphql";

interface Window {
  readonly resetAt: number;
  readonly used: number;
}

interface Spent {
  readonly at: number;
  readonly resource: Resource;
  readonly points: number;
  readonly content: boolean;
}

/** The rate limits of one installation (or of the App itself). */
export class Budget {
  readonly #limits: LimitOptions;
  readonly #now: () => Date;
  readonly #windows = new Map<Resource, Window>();
  #spent: Spent[] = [];

  constructor(limits: LimitOptions, now: () => Date) {
    this.#limits = limits;
    this.#now = now;
  }

  /** GitHub's response when a limit is exceeded. */
  refuse(call: Call): Answer | undefined {
    const resource = resourceOf(call);
    const { used, resetAt } = this.#window(resource);
    if (used >= this.#limits.primary) return primaryLimit(call, Math.ceil(resetAt / 1000));
    const retryAfter = this.#secondaryWait(call);
    return retryAfter === undefined ? undefined : secondaryLimit(call, { retryAfterSeconds: retryAfter });
  }

  /** Counts a call; `points`: a GraphQL document's cost. */
  spend(call: Call, points: number): void {
    const resource = resourceOf(call);
    const window = this.#window(resource);
    this.#windows.set(resource, { ...window, used: window.used + points });
    const writes = isWrite(call);
    this.#spent.push({
      at: this.#now().getTime(),
      resource,
      points: writes ? 5 : 1,
      content: createsContent(call),
    });
  }

  headers(resource: Resource): { readonly [name: string]: string } {
    const { used, resetAt } = this.#window(resource);
    return {
      "x-ratelimit-limit": String(this.#limits.primary),
      "x-ratelimit-remaining": String(Math.max(0, this.#limits.primary - used)),
      "x-ratelimit-used": String(used),
      "x-ratelimit-reset": String(Math.ceil(resetAt / 1000)),
      "x-ratelimit-resource": resource,
    };
  }

  state(resource: Resource): { limit: number; used: number; remaining: number; resetAt: Date } {
    const { used, resetAt } = this.#window(resource);
    const limit = this.#limits.primary;
    return { limit, used, remaining: Math.max(0, limit - used), resetAt: new Date(resetAt) };
  }

  #window(resource: Resource): Window {
    const now = this.#now().getTime();
    const known = this.#windows.get(resource);
    if (known !== undefined && known.resetAt > now) return known;
    const fresh = { resetAt: now + HOUR, used: 0 };
    this.#windows.set(resource, fresh);
    return fresh;
  }

  /** Seconds until the secondary limits let this call through. */
  #secondaryWait(call: Call): number | undefined {
    const now = this.#now().getTime();
    this.#spent = this.#spent.filter(({ at }) => now - at < HOUR);
    const resource = resourceOf(call);
    const minute = this.#spent.filter(({ at }) => now - at < MINUTE);
    const points = minute
      .filter((spent) => spent.resource === resource)
      .reduce((sum, spent) => sum + spent.points, 0);
    const allowed = resource === "core" ? this.#limits.restPoints : this.#limits.graphqlPoints;
    const oldest = (among: readonly Spent[], period: number) =>
      Math.ceil(((among[0]?.at ?? now) + period - now) / 1000);
    if (points + (isWrite(call) ? 5 : 1) > allowed) return oldest(minute, MINUTE);
    if (!createsContent(call)) return undefined;
    const content = this.#spent.filter((spent) => spent.content);
    const recent = minute.filter((spent) => spent.content);
    if (recent.length >= this.#limits.contentPerMinute) return oldest(recent, MINUTE);
    if (content.length >= this.#limits.contentPerHour) return oldest(content, HOUR);
    return undefined;
  }
}

export function resourceOf(call: Call): Resource {
  return call.graphql === undefined ? "core" : "graphql";
}

export function isWrite(call: Call): boolean {
  return (
    call.kind === "mutation" || (call.kind === "rest" && !["GET", "HEAD", "OPTIONS"].includes(call.method))
  );
}

function createsContent(call: Call): boolean {
  return isWrite(call) && !call.path.endsWith("/access_tokens");
}

export function primaryLimit(call: Call, resetAtSeconds: number): Answer {
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(resetAtSeconds) };
  const message = "API rate limit exceeded for installation.";
  if (call.graphql !== undefined)
    return { status: 200, headers, body: { errors: [{ type: "RATE_LIMITED", message }] } };
  return { status: 403, headers, body: { message } };
}

export function secondaryLimit(
  call: Call,
  {
    retryAfterSeconds = 60,
    form = "403",
  }: { readonly retryAfterSeconds?: number; readonly form?: "403" | "429" | "200" },
): Answer {
  const headers = { "retry-after": String(retryAfterSeconds) };
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  if (form === "200" && call.graphql !== undefined)
    return { status: 200, headers, body: { errors: [{ type: "RATE_LIMITED", message }] } };
  return { status: form === "429" ? 429 : 403, headers, body: { message } };
}
