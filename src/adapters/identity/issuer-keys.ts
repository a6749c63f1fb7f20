// The public keys of a token issuer (OpenID Connect Discovery 1.0, section 4).

import type { createLocalJWKSet } from "jose";

type Keys = ReturnType<typeof createLocalJWKSet>;

/** The issuer does not answer, or its answer violates the standard. */
export class IssuerUnreachable extends Error {}

interface Kept {
  readonly keys: Promise<Keys>;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
}

const FRESH_MS = 10 * 60_000;
/** Lower bound of the interval between fetches, whatever key ids tokens name. */
const AT_MOST_EVERY_MS = 15_000;
const TIMEOUT_MS = 5_000;
const LONGEST_ANSWER = 256 * 1024;

export class IssuerKeys {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Cached for some minutes; `anew`: fetched again, for a key id that is not among them. */
  of(issuer: string, which: "kept" | "anew" = "kept"): Promise<Keys> {
    const kept = this.#kept.get(issuer);
    const age = this.#now() - (kept?.askedAt ?? Number.NEGATIVE_INFINITY);
    if (kept && age < (which === "kept" ? FRESH_MS : AT_MOST_EVERY_MS)) return kept.keys;
    const keys = fetchKeys(issuer);
    this.#kept.set(issuer, { keys, askedAt: this.#now() });
    keys.catch(() => this.#forget(issuer, keys));
    return keys;
  }

  /** A failure is cached for a few seconds. */
  #forget(issuer: string, keys: Promise<Keys>): void {
    setTimeout(() => {
      if (this.#kept.get(issuer)?.keys === keys) this.#kept.delete(issuer);
    }, TIMEOUT_MS).unref();
  }
}

async function fetchKeys(issuer: string): Promise<Keys> {
  const configuration = Object(await json(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`));
  if (configuration.issuer !== issuer)
    throw new IssuerUnreachable(
      `its configuration is of the issuer ${String(configuration.issuer).slice(0, 200)}`,
    );
  const address = URL.parse(String(configuration.jwks_uri));
  if (address === null || address.protocol !== new URL(issuer).protocol)
    throw new IssuerUnreachable("its configuration names no address of keys");
  const jose = await import("jose");
  try {
    return jose.createLocalJWKSet(Object(await json(address.href)));
  } catch (error) {
    if (error instanceof IssuerUnreachable) throw error;
    throw new IssuerUnreachable("its keys cannot be read");
  }
}

async function json(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.status !== 200) throw new IssuerUnreachable(`${url} answers ${answer.status}`);
    const text = await answer.text();
    if (text.length > LONGEST_ANSWER) throw new IssuerUnreachable(`${url} answers at length`);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof IssuerUnreachable) throw error;
    throw new IssuerUnreachable(`${url} gives no JSON`);
  }
}
