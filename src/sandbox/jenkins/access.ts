// Authentication of Jenkins. It answers 403, not 401, to a request without credentials.

export interface User {
  readonly name: string;
  /** API token: exempt from crumbs (https://www.jenkins.io/doc/book/security/csrf-protection/). */
  readonly token: string;
  /** With a password, each POST needs a crumb. */
  readonly password?: string;
  readonly mayRead?: boolean;
  readonly mayBuild?: boolean;
}

export type Visitor =
  | { readonly kind: "user"; readonly user: User; readonly by: "token" | "password" }
  | { readonly kind: "anonymous" }
  | { readonly kind: "wrong" };

export const crumbField = "Jenkins-Crumb";

export function visitor(authorization: string | undefined, users: readonly User[]): Visitor {
  if (authorization === undefined) return { kind: "anonymous" };
  const text = Buffer.from(/^Basic (.*)$/i.exec(authorization)?.[1] ?? "", "base64").toString();
  const colon = text.indexOf(":");
  const user = users.find(({ name }) => colon > 0 && name === text.slice(0, colon));
  const secret = text.slice(colon + 1);
  if (user === undefined || secret === "") return { kind: "wrong" };
  if (secret === user.token) return { kind: "user", user, by: "token" };
  return secret === user.password ? { kind: "user", user, by: "password" } : { kind: "wrong" };
}

/** Bound to the user; real ones are bound to a session as well. */
export function crumbFor({ name }: User): string {
  return Buffer.from(`crumb of ${name}`).toString("hex");
}
