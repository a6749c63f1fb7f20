// Sign-ins that were begun and did not come back from GitHub yet. Each is kept by the browser that began it, in a cookie that is
// signed: nobody else comes back from one, and nobody from one that was not begun here.

import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { isSame } from "./cookies.ts";

/** As long as GitHub's code lives. */
export const SIGN_IN_MS = 10 * 60_000;

interface Kept {
  readonly state: string;
  readonly verifier: string;
  /** Where the browser wanted to go. */
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

  /** What the browser keeps, and what GitHub is given. */
  begin(to: string): { readonly kept: string; readonly state: string; readonly challenge: string } {
    const [state, verifier] = [secret(), secret()];
    const until = this.#clock().getTime() + SIGN_IN_MS;
    const text = Buffer.from(JSON.stringify({ state, verifier, to, until })).toString("base64url");
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    return { kept: `${text}.${this.#sign(text)}`, state, challenge };
  }

  /** `undefined` where it was not begun here, by this browser, within the time. */
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
