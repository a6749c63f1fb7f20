// The session of the set-up. The link in the log is valid once, for one browser, which then has a cookie; GitHub's
// redirect is valid once, for that browser and its last request.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export class SetUpSession<FilledForm> {
  #token = secret();
  #cookie: string | undefined;
  #pending: { readonly state: string; readonly form: FilledForm } | undefined;

  /** Token of the link; replaced as soon as it is used. */
  get token(): string {
    return this.#token;
  }

  /** Returns the cookie for a valid token. Invalidates an earlier cookie. */
  enter(token: string): string | undefined {
    if (!isSame(token, this.#token)) return undefined;
    this.#token = secret();
    this.#cookie = secret();
    this.#pending = undefined;
    return this.#cookie;
  }

  has(cookie: string | undefined): boolean {
    return cookie !== undefined && this.#cookie !== undefined && isSame(cookie, this.#cookie);
  }

  /** Returns the `state` that GitHub has to send back; invalidates an earlier one. */
  ask(form: FilledForm): string {
    this.#pending = { state: secret(), form };
    return this.#pending.state;
  }

  /** The form of this `state`, once. */
  take(state: string): FilledForm | undefined {
    const pending = this.#pending;
    if (!pending || !isSame(state, pending.state)) return undefined;
    this.#pending = undefined;
    return pending.form;
  }
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

/** Constant-time, whatever their lengths. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
