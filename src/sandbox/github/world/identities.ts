// Names and signatures of accounts in commits.

import type { Signature } from "../git/object-store.ts";
import type { Account } from "./records.ts";

/** The committer of everything made through GitHub's own pages and API. */
export const GITHUB = { name: "GitHub", email: "noreply@github.com" };

export function authorOf(account: Account, date: Date): Signature {
  return { name: account.login, email: `${account.id}+${account.login}@users.noreply.github.com`, date };
}

/** The account that an author's address belongs to. */
export function loginOf(email: string): string | undefined {
  return /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
}

/** A stand-in for GitHub's signature: well-formed armour without a valid key, as it is not verified offline. */
export function githubSignature(): string {
  return armoured("offline GitHub: signed on the web");
}

/** With a key that the account has registered. */
export function personalSignature({ login }: Account): string {
  return armoured(`offline GitHub: signed by ${login}`);
}

function armoured(words: string): string {
  const body = Buffer.from(words).toString("base64");
  return `-----BEGIN PGP SIGNATURE-----\n\n${body}\n-----END PGP SIGNATURE-----`;
}
