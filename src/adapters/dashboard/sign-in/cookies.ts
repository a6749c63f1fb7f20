// The two cookies of the dashboard. Browsers accept `__Host-` cookies over TLS only, and send them to this host only.
// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html

import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";

const NAMES = { session: "__Host-chart-promoter", "sign-in": "__Host-chart-promoter-sign-in" } as const;

export type CookieName = keyof typeof NAMES;

/** `undefined` when there is none, or more than one. */
export function cookieOf({ headers }: FastifyRequest, name: CookieName): string | undefined {
  const found = (headers.cookie ?? "").split(/; */).flatMap((one) => {
    const at = one.indexOf("=");
    return one.slice(0, at) === NAMES[name] ? one.slice(at + 1) : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

export function cookie(name: CookieName, value: string, forMs: number): string {
  return `${NAMES[name]}=${value}; Path=/; Max-Age=${forMs / 1_000}; Secure; HttpOnly; SameSite=Lax`;
}

export function noCookie(name: CookieName): string {
  return cookie(name, "", 0);
}

/** Constant-time, whatever their lengths. */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
