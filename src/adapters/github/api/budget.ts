// Rate limiting for one installation: by GitHub's rate limit headers, and by the content-creation limits, which no
// header shows.

import { untilText } from "../../../domain/model/instant.ts";
import { GitHubFailure } from "./failure.ts";

/** Priorities: promotions leave a reserve for deployments, and upkeep leaves one for both. */
export type Purpose = "deployment" | "promotion" | "upkeep";

/**
 * The request's relation to check runs: `follows`: it moves a head, for which a check run is written soon; `written`:
 * it writes the check run.
 */
export type CheckPart = "follows" | "written";

export interface ContentLimits {
  readonly perMinute: number;
  readonly perHour: number;
}

/**
 * docs.github.com, "Rate limits for the REST API", secondary limits: 80 content-creating requests a minute, 500 an
 * hour.
 */
export const GITHUB_COM: ContentLimits = { perMinute: 80, perHour: 500 };
/**
 * GitHub Enterprise Server has no rate limits unless its administrator enables them; then its responses have the
 * headers.
 */
export const NO_LIMITS: ContentLimits = {
  perMinute: Number.POSITIVE_INFINITY,
  perHour: Number.POSITIVE_INFINITY,
};

/** Share of the content-creation limits that each purpose may use. */
const SHARE: Readonly<Record<Purpose, number>> = { deployment: 1, promotion: 0.9, upkeep: 0.75 };
/** Requests of the primary limit that are reserved for more urgent purposes. */
const RESERVE: Readonly<Record<Purpose, number>> = { deployment: 0, promotion: 50, upkeep: 200 };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Request {
  readonly createsContent: boolean;
  readonly check?: CheckPart;
  readonly resource: "core" | "graphql";
}

/** A counted request, or one reserved for the check run of a head that was moved. */
interface Created {
  /** When the head was moved. */
  readonly at: number;
  readonly sentAt: number;
  readonly isOwed: boolean;
}

interface Promised {
  readonly at: number;
  readonly purpose: Purpose;
  readonly isCheck: boolean;
  readonly units: number;
}

/** Of one installation. In memory only: after a restart the first responses fill it again. */
export class Budget {
  readonly #limits: ContentLimits;
  readonly #clock: () => Date;
  #created: readonly Created[] = [];
  /**
   * Times at which requests that hit the content-creation limits will return: each gets its own slot, so that they do
   * not all return at once.
   */
  #promised: readonly Promised[] = [];
  #blockedUntil = 0;
  readonly #primary = new Map<string, { remaining: number; limit: number; resetAt: number }>();

  constructor(limits: ContentLimits, clock: () => Date) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Counts the request, or throws a `limited` failure with the time of the retry. */
  take(purpose: Purpose, request: Request): void {
    const now = this.#clock().getTime();
    const isCheck = request.check === "written";
    const promised = { at: now, purpose, isCheck, units: request.check === "follows" ? 2 : 1 };
    this.#created = this.#created.filter(({ at }) => at > now - HOUR);
    const owed = isCheck ? this.#created.find(({ isOwed }) => isOwed) : undefined;
    const contentUntil = request.createsContent ? this.#contentWait(promised, owed) : 0;
    const until = Math.max(this.#blockedUntil, this.#primaryWait(purpose, request.resource), contentUntil);
    if (contentUntil > now) this.#promised = [...this.#promised, { ...promised, at: until }];
    if (until > now) {
      const retryAt = new Date(until);
      throw new GitHubFailure(`The request budget is spent until ${untilText(retryAt)}`, {
        kind: "limited",
        status: 0,
        retryAt,
      });
    }
    if (request.createsContent) this.#count(promised, owed);
  }

  /** Reads the rate limit headers of any response, successful or not. */
  learn(headers: Readonly<Record<string, string | number | undefined>>): void {
    const resource = headers["x-ratelimit-resource"];
    const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
      Number(headers[`x-ratelimit-${name}`]),
    );
    if (typeof resource !== "string" || limit === undefined || remaining === undefined || reset === undefined)
      return;
    if (!Number.isFinite(limit) || !Number.isFinite(remaining) || !Number.isFinite(reset)) return;
    this.#primary.set(resource, { remaining, limit, resetAt: reset * 1000 });
  }

  /** The remaining requests of each resource by GitHub's last headers; the full limit after its reset. */
  remaining(): readonly { readonly resource: string; readonly remaining: number }[] {
    const now = this.#clock().getTime();
    return [...this.#primary].map(([resource, { remaining, limit, resetAt }]) => ({
      resource,
      remaining: resetAt > now ? remaining : limit,
    }));
  }

  /** GitHub asked for a pause (Retry-After): no request before its end. */
  block(until: Date): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until.getTime());
  }

  #primaryWait(purpose: Purpose, resource: string): number {
    const known = this.#primary.get(resource);
    if (!known) return 0;
    const reserve = Math.min(RESERVE[purpose], known.limit / 10);
    return known.remaining <= reserve ? known.resetAt : 0;
  }

  /** The check run of a head that was moved within the hour is already counted with that. */
  #count({ at, units }: Promised, owed: Created | undefined): void {
    const added = Array.from({ length: owed ? 0 : units }, (_, n) => ({ at, sentAt: at, isOwed: n > 0 }));
    const before = this.#created.map((one) => (one === owed ? { ...one, sentAt: at, isOwed: false } : one));
    this.#created = [...before, ...added];
  }

  #contentWait({ at: now, purpose, isCheck, units }: Promised, owed: Created | undefined): number {
    this.#promised = this.#promised.filter(({ at }) => at > now);
    const others = this.#created.filter((one) => one !== owed);
    const promised = this.#promised.filter((one) => one.purpose === purpose && one.isCheck === isCheck);
    const wait = (limit: number, span: number, times: readonly number[]) => {
      const allowed = Math.max(1, Math.floor(limit * SHARE[purpose]));
      const counted = times.filter((at) => at > now - span).slice(-allowed);
      const lacking = counted.length + Math.min(units, allowed) - allowed;
      if (lacking <= 0) return 0;
      const free = (counted[0] ?? now) + span;
      const ahead = promised.reduce((sum, one) => sum + (one.at >= free ? one.units : 0), 0);
      const place = ahead + lacking - 1;
      return (counted[place % allowed] ?? now) + span * (1 + Math.floor(place / allowed));
    };
    const sent = others.map(({ sentAt }) => sentAt).sort((one, other) => one - other);
    const ofMinute = wait(this.#limits.perMinute, MINUTE, sent);
    const counted = others.map(({ at }) => at);
    return owed ? ofMinute : Math.max(ofMinute, wait(this.#limits.perHour, HOUR, counted));
  }
}
