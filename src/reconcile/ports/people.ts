// Requests to GitHub on behalf of a signed-in person, with that person's own token.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";

export type PersonalPermission = "read" | "write";

export interface PersonalToken {
  readonly token: string;
  /** Refresh token; usable once. */
  readonly renewal?: string;
  /** Absent when it does not expire. */
  readonly expiresAt?: Date;
}

/** GitHub refused: the `token` is invalid, or this request is not allowed. */
export class PersonRefused extends Error {
  readonly what: "token" | "request";

  constructor(message: string, what: "token" | "request") {
    super(message);
    this.what = what;
  }
}

/** Each throws PersonRefused when GitHub refuses, and any other error when GitHub cannot be reached. */
export interface People {
  /** GitHub's authorization URL; GitHub redirects to the first callback URL that the App has registered. */
  signInUrl(about: { readonly state: string; readonly challenge: string }): string;
  redeem(code: string, verifier: string): Promise<PersonalToken>;
  renew(renewal: string): Promise<PersonalToken>;
  revoke(token: string): Promise<void>;
  login(token: string): Promise<string>;
  /** By GitHub's repository id; repositories that the person may not read are left out. */
  permissions(
    token: string,
    repositories: readonly ConfigRepository[],
  ): Promise<ReadonlyMap<number, PersonalPermission>>;
  /** Comments as that person on an issue or a pull request; returns the URL of the comment. */
  comment(
    token: string,
    repository: ConfigRepository,
    comment: { readonly number: number; readonly body: string },
  ): Promise<string>;
}
