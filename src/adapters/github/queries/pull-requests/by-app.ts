// The one place that distinguishes what the App did itself from what others did.

/** The App on GitHub. */
export interface AppIdentity {
  /** Its name in URLs; its account is called `<slug>[bot]`. */
  readonly slug: string;
  /** Numeric id of that account; absent where GitHub does not give it. */
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

/** As people write it: that of a bot ends with `[bot]`. */
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
 * Anybody can write any author into a commit. GitHub signs what it commits itself, and then the author is the account that
 * asked for it: for a bot `<user id>+<slug>[bot]@users.noreply.<host>` (docs.github.com, "Email addresses reference").
 */
export function isCommitByApp({ author, signature }: RawAuthorship, { slug, userId }: AppIdentity): boolean {
  if (signature?.isValid !== true || !signature.wasSignedByGitHub) return false;
  const [, id, login] = /^(\d+)\+(.+)@users\.noreply\./.exec(author?.email ?? "") ?? [];
  return login === `${slug}[bot]` && (userId === undefined || Number(id) === userId);
}
