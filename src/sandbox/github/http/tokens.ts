// Authentication: the App by a JWT, an installation or a person by a token, or the App by its client secret.

import { createPublicKey, createVerify, type KeyObject, randomBytes } from "node:crypto";
import { Refusal } from "../world/refusal.ts";
import type { PermissionSet, World } from "../world/world.ts";
import type { Authorizations } from "./authorizations.ts";
import { isObject } from "./call.ts";

export type Viewer =
  | { readonly kind: "anonymous" }
  | { readonly kind: "app" }
  /** By client id and secret. */
  | { readonly kind: "client" }
  /** The App on behalf of a person. */
  | { readonly kind: "person"; readonly login: string }
  | {
      readonly kind: "installation";
      readonly installationId: number;
      readonly permissions: PermissionSet;
      /** Undefined: every repository of the installation. */
      readonly repositoryIds: ReadonlySet<number> | undefined;
    };

export type InstallationViewer = Extract<Viewer, { kind: "installation" }>;

export interface Token {
  readonly token: string;
  readonly expiresAt: Date;
  readonly viewer: InstallationViewer;
}

const LIFETIME_MS = 60 * 60_000;

export class Tokens {
  readonly #world: World;
  readonly #publicKeys: KeyObject[] = [];
  readonly #authorizations: Authorizations;
  readonly #tokens = new Map<string, Token>();

  constructor(world: World, privateKey: string, authorizations: Authorizations) {
    this.#world = world;
    this.#authorizations = authorizations;
    this.addKey(privateKey);
  }

  /** An App may have several keys at a time. */
  addKey(privateKey: string): void {
    this.#publicKeys.push(createPublicKey(privateKey));
  }

  mint(viewer: InstallationViewer): Token {
    const token = `ghs_${this.#world.app.id}_${randomBytes(48).toString("base64url")}`;
    const expiresAt = new Date(this.#world.now().getTime() + LIFETIME_MS);
    const minted = { token, expiresAt, viewer };
    this.#tokens.set(token, minted);
    return minted;
  }

  /** Invalidates every token issued so far. */
  revokeAll(): void {
    this.#tokens.clear();
  }

  /** Throws a Refusal for an invalid credential. */
  viewer(authorization: string | undefined): Viewer {
    if (authorization === undefined) return { kind: "anonymous" };
    if (/^basic /i.test(authorization)) return this.#client(authorization.slice("basic ".length));
    const credential = authorization.replace(/^(bearer|token) /i, "");
    if (credential.split(".").length === 3 && !credential.startsWith("ghs_")) return this.#app(credential);
    if (credential.startsWith("ghu_")) return this.#person(credential);
    const token = this.#tokens.get(credential);
    if (token === undefined || token.expiresAt <= this.#world.now()) throw badCredentials();
    const installation = this.#world.installations.get(token.viewer.installationId);
    if (installation === undefined) throw badCredentials();
    if (installation.suspendedAt !== undefined)
      throw new Refusal("FORBIDDEN", "This installation has been suspended");
    return token.viewer;
  }

  #client(credentials: string): Viewer {
    const [id, secret] = Buffer.from(credentials, "base64").toString().split(":");
    if (!this.#authorizations.isClient(id, secret)) throw badCredentials();
    return { kind: "client" };
  }

  #person(token: string): Viewer {
    const login = this.#authorizations.person(token);
    if (login === undefined) throw badCredentials();
    return { kind: "person", login };
  }

  #app(jwt: string): Viewer {
    const [header = "", claims = "", signature = ""] = jwt.split(".");
    const isSignedBy = (key: KeyObject) =>
      createVerify("RSA-SHA256").update(`${header}.${claims}`).verify(key, signature, "base64url");
    if (decoded(header)["alg"] !== "RS256" || !this.#publicKeys.some(isSignedBy))
      throw new Refusal("UNAUTHORIZED", "A JSON web token could not be decoded");
    const { iat, exp, iss } = decoded(claims);
    const now = this.#world.now().getTime() / 1000;
    if (typeof exp !== "number" || exp <= now)
      throw new Refusal(
        "UNAUTHORIZED",
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      );
    if (exp > now + 660)
      throw new Refusal("UNAUTHORIZED", "'Expiration time' claim ('exp') is too far in the future");
    if (typeof iat !== "number" || iat > now + 60)
      throw new Refusal(
        "UNAUTHORIZED",
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      );
    if (![String(this.#world.app.id), this.#world.app.clientId].includes(String(iss)))
      throw new Refusal("UNAUTHORIZED", "A JSON web token could not be decoded");
    return { kind: "app" };
  }
}

function badCredentials(): Refusal {
  return new Refusal("UNAUTHORIZED", "Bad credentials");
}

function decoded(part: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
