// Who may set the App up, and which step comes next. The link of the log counts once, for one browser, which is known by a
// cookie from then on; what comes back from GitHub counts for that browser, once, and for what it asked.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export class SetUpSession<FilledForm> {
  #token = secret();
  #cookie: string | undefined;
  #pending: { readonly state: string; readonly form: FilledForm } | undefined;

  /** For the link; another one as soon as it was used. */
  get token(): string {
    return this.#token;
  }

  /** The cookie for who has the token. Whoever had one before has none now. */
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

  /** What GitHub is to give back; what was asked before is void. */
  ask(form: FilledForm): string {
    this.#pending = { state: secret(), form };
    return this.#pending.state;
  }

  /** What was asked, once. */
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

/** In constant time, whatever their lengths. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
