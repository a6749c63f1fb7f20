// User authorizations of the App: the web application flow, and its tokens.
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { World } from "../world/world.ts";

const CODE_MS = 10 * 60_000;
const TOKEN_SECONDS = 28_800;
const REFRESH_SECONDS = 15_897_600;

interface Code {
  readonly login: string;
  readonly redirectUri: string | undefined;
  readonly challenge: string | undefined;
  readonly at: Date;
}

interface UserToken {
  readonly login: string;
  readonly expiresAt: Date | undefined;
  /** The refresh token issued with it. */
  readonly refresh: string;
}

/** GitHub answers these with status 200. */
export interface OAuthError {
  readonly error: string;
  readonly error_description: string;
  readonly error_uri: string;
}

export type OAuthParameters = { readonly [field: string]: unknown };

export class Authorizations {
  readonly clientSecret: string;
  /** As registered with the App: the first one is the default redirect. */
  callbackUrls: readonly string[] = [];
  /** Whether user access tokens expire, a setting of the App's owner. */
  expire = true;
  readonly #world: World;
  readonly #codes = new Map<string, Code>();
  readonly #tokens = new Map<string, UserToken>();
  readonly #refreshers = new Map<string, { readonly login: string; readonly expiresAt: Date }>();
  /** Logins of people who authorized the App. */
  readonly #granted = new Set<string>();

  constructor(world: World, clientSecret: string) {
    this.#world = world;
    this.clientSecret = clientSecret;
  }

  hasGranted(login: string): boolean {
    return this.#granted.has(login);
  }

  /** Returns the code for the redirect. */
  code(login: string, { redirectUri, challenge }: Pick<Code, "redirectUri" | "challenge">): string {
    const code = randomBytes(10).toString("hex");
    this.#granted.add(login);
    this.#codes.set(code, { login, redirectUri, challenge, at: this.#world.now() });
    return code;
  }

  /** `POST /login/oauth/access_token`. */
  exchange(parameters: OAuthParameters): object {
    if (!this.isClient(parameters["client_id"], parameters["client_secret"]))
      return oauthError(
        "incorrect_client_credentials",
        "The client_id and/or client_secret passed are incorrect.",
      );
    return parameters["grant_type"] === "refresh_token"
      ? this.#refresh(parameters)
      : this.#redeem(parameters);
  }

  isClient(id: unknown, secret: unknown): boolean {
    return id === this.#world.app.clientId && typeof secret === "string" && isSame(secret, this.clientSecret);
  }

  /** Login of the token's owner. */
  person(token: string): string | undefined {
    const known = this.#tokens.get(token);
    return known && (known.expiresAt === undefined || known.expiresAt > this.#world.now())
      ? known.login
      : undefined;
  }

  /** `DELETE /applications/{client_id}/token`. */
  revoke(token: unknown): boolean {
    const known = typeof token === "string" ? this.#tokens.get(token) : undefined;
    if (known) this.#refreshers.delete(known.refresh);
    return typeof token === "string" && this.#tokens.delete(token);
  }

  /** The person revokes the authorization in the settings. */
  takeBack(login: string): void {
    this.#granted.delete(login);
    for (const [token, one] of this.#tokens) if (one.login === login) this.revoke(token);
  }

  /** Number of valid tokens. */
  get count(): number {
    return [...this.#tokens.keys()].filter((token) => this.person(token) !== undefined).length;
  }

  #redeem({ code, redirect_uri: redirectUri, code_verifier: verifier }: OAuthParameters): object {
    const known = typeof code === "string" ? this.#codes.get(code) : undefined;
    if (typeof code === "string") this.#codes.delete(code);
    if (!known || this.#world.now().getTime() - known.at.getTime() > CODE_MS) return badCode();
    if (redirectUri !== undefined && redirectUri !== (known.redirectUri ?? this.callbackUrls[0]))
      return redirectMismatch();
    if (known.challenge !== undefined && known.challenge !== challengeOf(verifier)) return badCode();
    return this.#give(known.login);
  }

  #refresh({ refresh_token: refresh }: OAuthParameters): object {
    const known = typeof refresh === "string" ? this.#refreshers.get(refresh) : undefined;
    if (!known || known.expiresAt <= this.#world.now())
      return oauthError("bad_refresh_token", "The refresh token passed is incorrect or expired.");
    for (const [token, one] of this.#tokens) if (one.refresh === refresh) this.revoke(token);
    return this.#give(known.login);
  }

  #give(login: string): object {
    const [token, refresh] = [`ghu_${secret()}`, `ghr_${secret()}`];
    const after = (seconds: number) => new Date(this.#world.now().getTime() + seconds * 1_000);
    this.#tokens.set(token, { login, refresh, expiresAt: this.expire ? after(TOKEN_SECONDS) : undefined });
    const usual = { access_token: token, scope: "", token_type: "bearer" };
    if (!this.expire) return usual;
    this.#refreshers.set(refresh, { login, expiresAt: after(REFRESH_SECONDS) });
    return {
      ...usual,
      ...{ expires_in: TOKEN_SECONDS, refresh_token: refresh, refresh_token_expires_in: REFRESH_SECONDS },
    };
  }
}

function secret(): string {
  return randomBytes(18).toString("hex");
}

function badCode(): OAuthError {
  return oauthError("bad_verification_code", "The code passed is incorrect or expired.");
}

function redirectMismatch(): OAuthError {
  return oauthError(
    "redirect_uri_mismatch",
    "The redirect_uri MUST match the registered callback URL for this application.",
  );
}

export function oauthError(error: string, description: string): OAuthError {
  const page =
    "/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/#" +
    error.replaceAll("_", "-");
  return { error, error_description: description, error_uri: `https://docs.github.com${page}` };
}

function challengeOf(verifier: unknown): string {
  return typeof verifier === "string" ? createHash("sha256").update(verifier).digest("base64url") : "";
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
