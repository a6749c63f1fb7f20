// The one place that distinguishes actions of the App from those of others.

/** The App's identity on GitHub. */
export interface AppIdentity {
  /** Name in URLs; the account's login is `<slug>[bot]`. */
  readonly slug: string;
  /** Numeric id of that account; absent when GitHub does not show it. */
  readonly userId?: number;
}

export interface RawActor {
  readonly login: string;
  readonly __typename: string;
}

/** GraphQL gives a bot's login without `[bot]`, REST with it. */
export function isByApp(actor: RawActor | null, slug: string): boolean {
  return actor?.__typename === "Bot" && actor.login.replace(/\[bot\]$/, "") === slug;
}

/** As in URLs and mentions: a bot's login ends with `[bot]`. */
export function loginOf({ login, __typename }: RawActor): string {
  return __typename === "Bot" && !login.endsWith("[bot]") ? `${login}[bot]` : login;
}

/** Fields of a `Commit` that `isCommitByApp` reads. */
export const AUTHORSHIP = "author { name email } signature { isValid wasSignedByGitHub }";

export interface RawAuthorship {
  readonly author: { readonly name: string | null; readonly email: string | null } | null;
  readonly signature: { readonly isValid: boolean; readonly wasSignedByGitHub: boolean } | null;
}

/**
 * Anybody can write any author into a commit. GitHub signs the commits it makes itself, and their author is the account
 * that requested them: for a bot `<user id>+<slug>[bot]@users.noreply.<host>` (docs.github.com, "Email addresses
 * reference").
 */
export function isCommitByApp({ author, signature }: RawAuthorship, { slug, userId }: AppIdentity): boolean {
  if (signature?.isValid !== true || !signature.wasSignedByGitHub) return false;
  const [, id, login] = /^(\d+)\+(.+)@users\.noreply\./.exec(author?.email ?? "") ?? [];
  return login === `${slug}[bot]` && (userId === undefined || Number(id) === userId);
}
