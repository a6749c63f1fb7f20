// Dashboard sessions. A session has a random id that only the browser knows; its record, with GitHub's tokens, is
// encrypted with a key derived from that id and the App's client secret.

import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { type People, type PersonalToken, PersonRefused } from "../../../reconcile/ports/people.ts";
import type { SessionRecords } from "../../../reconcile/ports/store/session-records.ts";

export const SESSION_MS = 12 * 60 * 60_000;
/** A token that expires within this time is renewed before use. */
const RENEW_BEFORE_MS = 5 * 60_000;
const CIPHER = "aes-256-gcm";
const NONCE = 12;
const TAG = 16;

export interface Session {
  /** SHA-256 of the session's id. */
  readonly key: string;
  readonly login: string;
  readonly token: string;
  /** CSRF token of the forms. */
  readonly formToken: string;
}

interface Sealed extends PersonalToken {
  readonly login: string;
}

interface SessionPorts {
  readonly records: SessionRecords;
  readonly people: People;
  readonly clientSecret: string;
  readonly clock: () => Date;
}

export class Sessions {
  readonly #ports: SessionPorts;
  readonly #renewing = new Map<string, Promise<Sealed | undefined>>();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Always creates a new session (session fixation). Returns its id. */
  async begin(login: string, token: PersonalToken): Promise<string> {
    const { records, clock } = this.#ports;
    const id = randomBytes(32).toString("base64url");
    const endsAt = new Date(clock().getTime() + SESSION_MS);
    await records.begin({ key: keyOf(id), sealed: this.#seal(id, { login, ...token }), endsAt });
    return id;
  }

  /** Rejects when its token has to be renewed and GitHub does not answer. */
  async find(id: string | undefined): Promise<Session | undefined> {
    if (id === undefined) return undefined;
    const key = keyOf(id);
    const kept = await this.#open(id);
    if (!kept) return undefined;
    const { login, token } = this.#isEnding(kept) ? ((await this.#renewOnce(id)) ?? {}) : kept;
    if (login === undefined || token === undefined) return undefined;
    return { key, login, token, formToken: createHmac("sha256", id).update("forms").digest("base64url") };
  }

  async end(id: string): Promise<void> {
    const kept = await this.#open(id);
    await this.#ports.records.end(keyOf(id));
    // The session ends in any case; a token that could not be revoked expires by itself.
    if (kept) await this.#ports.people.revoke(kept.token).catch(() => undefined);
  }

  /** GitHub has revoked its token. */
  forget({ key }: Pick<Session, "key">): Promise<void> {
    return this.#ports.records.end(key);
  }

  async #open(id: string): Promise<(Sealed & { readonly from: string }) | undefined> {
    const record = await this.#ports.records.get(keyOf(id));
    const kept = record && this.#unseal(id, record.sealed);
    return record && kept && { ...kept, from: record.sealed };
  }

  #isEnding({ expiresAt }: Sealed): boolean {
    return expiresAt !== undefined && expiresAt.getTime() - this.#ports.clock().getTime() < RENEW_BEFORE_MS;
  }

  #renewOnce(id: string): Promise<Sealed | undefined> {
    const key = keyOf(id);
    const running = this.#renewing.get(key);
    if (running) return running;
    const renewal = this.#renew(id).finally(() => this.#renewing.delete(key));
    this.#renewing.set(key, renewal);
    return renewal;
  }

  /** A refresh token is usable once: if another replica was first, its new token is used. */
  async #renew(id: string): Promise<Sealed | undefined> {
    const kept = await this.#open(id);
    if (!kept || !this.#isEnding(kept)) return kept;
    const { records, people } = this.#ports;
    const { login, renewal, from } = kept;
    try {
      if (renewal === undefined) throw new PersonRefused("there is nothing to renew it with", "token");
      const renewed = { login, ...(await people.renew(renewal)) };
      await records.replace(keyOf(id), from, this.#seal(id, renewed));
      return renewed;
    } catch (error) {
      if (!(error instanceof PersonRefused)) throw error;
      const now = await this.#open(id);
      if (now && now.from !== from) return now;
      await records.end(keyOf(id));
      return undefined;
    }
  }

  #key(id: string): Buffer {
    const secret = `${id}${this.#ports.clientSecret}`;
    return Buffer.from(hkdfSync("sha256", secret, "", "chart-promoter dashboard session", 32));
  }

  #seal(id: string, session: Sealed): string {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(CIPHER, this.#key(id), nonce);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(session), "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** `undefined` when it was encrypted with another client secret. */
  #unseal(id: string, text: string): Sealed | undefined {
    const bytes = Buffer.from(text, "base64url");
    const decipher = createDecipheriv(CIPHER, this.#key(id), bytes.subarray(0, NONCE));
    decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    try {
      const opened = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
      const { expiresAt, ...kept } = JSON.parse(opened.toString("utf8"));
      return { ...kept, ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }) };
    } catch {
      return undefined;
    }
  }
}

function keyOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}
