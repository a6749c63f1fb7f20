// Sign-ins waiting for GitHub's OAuth callback. The state is kept in a signed cookie of the browser that began the
// sign-in, so that the callback works in that browser only, and only for a sign-in that began here.

import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { isSame } from "./cookies.ts";

/** GitHub's OAuth codes expire after ten minutes. */
export const SIGN_IN_MS = 10 * 60_000;

interface Kept {
  readonly state: string;
  readonly verifier: string;
  /** The page to go to after the sign-in. */
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export class PendingSignIns {
  readonly #key: Buffer;
  readonly #clock: () => Date;

  constructor({ clientSecret, clock }: { readonly clientSecret: string; readonly clock: () => Date }) {
    this.#key = Buffer.from(hkdfSync("sha256", clientSecret, "", "chart-promoter dashboard sign-in", 32));
    this.#clock = clock;
  }

  /** `kept`: the cookie's value; `state` and `challenge` (PKCE): parameters of GitHub's authorize URL. */
  begin(to: string): { readonly kept: string; readonly state: string; readonly challenge: string } {
    const [state, verifier] = [secret(), secret()];
    const until = this.#clock().getTime() + SIGN_IN_MS;
    const text = Buffer.from(JSON.stringify({ state, verifier, to, until })).toString("base64url");
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    return { kept: `${text}.${this.#sign(text)}`, state, challenge };
  }

  /** `undefined` unless the sign-in began here, in this browser, and has not expired. */
  comeBack(kept: string | undefined, state: string): Pick<Kept, "verifier" | "to"> | undefined {
    const [text = "", signature = ""] = (kept ?? "").split(".");
    if (!isSame(signature, this.#sign(text))) return undefined;
    const pending: Kept = JSON.parse(Buffer.from(text, "base64url").toString());
    const isInTime = this.#clock().getTime() < pending.until;
    return isInTime && isSame(state, pending.state) ? pending : undefined;
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}
